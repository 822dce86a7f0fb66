using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// The memory for pages of results that clients download. A client that reads slowly holds its page until it has read it, so the more
/// there are, the smaller their pages: a thousand of them together hold about as much as a few dozen whole pages.
/// </summary>
internal sealed class DownloadRoom
{
    /// <summary>So many downloads have pages as large as they like, and may read one ahead.</summary>
    private const int MostWhole = 4;

    /// <summary>The bytes of the pages of all downloads, unless there are so many that each would have less than <see cref="LeastBytes"/>.
    /// </summary>
    private const long Bytes = 16 * 1024 * 1024;

    private const long LeastBytes = 32 * 1024;

    /// <summary>The bytes at which the store ends a page of a list. Tasks that are read by their keys have no such end.</summary>
    private const long WholeBytes = 4 * 1024 * 1024;

    /// <summary>The tasks of a first page by keys, while nothing is known of their size.</summary>
    private const int FirstByKeys = 8;

    private int open;

    private bool IsRoomy => Volatile.Read(ref open) <= MostWhole;

    private long BytesEach => Math.Max(LeastBytes, Bytes / Math.Max(1, Volatile.Read(ref open)));

    /// <summary>Begins a download; its end is the disposal.</summary>
    public Download Begin()
    {
        var download = new Download(this);
        download.Resume();
        return download;
    }

    /// <summary>A download.</summary>
    public sealed class Download(DownloadRoom room) : IDisposable
    {
        private long? bytesPerTask;
        private int isCounted;

        /// <summary>True while there are so few downloads that the next page may be read before this one is sent.</summary>
        public bool MayReadAhead => room.IsRoomy;

        /// <summary>How many tasks the next page of a list may have, which the store ends past 4 MB.</summary>
        /// <param name="most">The most that its reader wants.</param>
        public int TasksOfPage(int most)
        {
            Resume();
            return room.IsRoomy ? most : TasksWithin(room.BytesEach, most, 1);
        }

        /// <summary>How many tasks may be read next by their keys, which the store reads whatever their size is.</summary>
        /// <param name="most">The most that its reader wants.</param>
        public int TasksByKeys(int most)
        {
            Resume();
            return room.IsRoomy ? TasksWithin(WholeBytes, most, FirstByKeys) : TasksWithin(room.BytesEach, most, 1);
        }

        /// <summary>Notes a page that was read, by which the next one is measured.</summary>
        public void Read(IReadOnlyList<TaskView> page)
        {
            if (page.Count == 0) return;
            var each = page.Sum(task => (long)task.Output.Length + task.Input.Length) / page.Count;
            // What was large a moment ago may be again.
            bytesPerTask = Math.Max(each, (bytesPerTask ?? 0) / 2);
        }

        /// <summary>Gives the room back until the next page, while nothing is held.</summary>
        public void Pause()
        {
            if (Interlocked.Exchange(ref isCounted, 0) != 0) Interlocked.Decrement(ref room.open);
        }

        public void Dispose() => Pause();

        /// <summary>Takes the room again.</summary>
        internal void Resume()
        {
            if (Interlocked.Exchange(ref isCounted, 1) == 0) Interlocked.Increment(ref room.open);
        }

        private int TasksWithin(long bytes, int most, int first) =>
            bytesPerTask is { } each ? (int)Math.Clamp(bytes / Math.Max(1, each), 1, most) : Math.Min(most, first);
    }
}
