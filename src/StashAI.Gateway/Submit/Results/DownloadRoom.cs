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

    /// <summary>The tasks of a first page, while nothing is known of their size.</summary>
    private const int FirstTasks = 16;

    private int open;

    private bool IsRoomy => Volatile.Read(ref open) <= MostWhole;

    private long BytesEach => Math.Max(LeastBytes, Bytes / Math.Max(1, Volatile.Read(ref open)));

    /// <summary>Begins a download; its end is the disposal.</summary>
    public Download Begin()
    {
        Interlocked.Increment(ref open);
        return new Download(this);
    }

    /// <summary>A download.</summary>
    public sealed class Download(DownloadRoom room) : IDisposable
    {
        private long? bytesPerTask;
        private int isOver;

        /// <summary>True while there are so few downloads that the next page may be read before this one is sent.</summary>
        public bool MayReadAhead => room.IsRoomy;

        /// <summary>How many tasks the next page may have.</summary>
        /// <param name="most">The most that its reader wants.</param>
        public int TasksOfPage(int most)
        {
            if (room.IsRoomy) return most;
            return bytesPerTask is { } each ? (int)Math.Clamp(room.BytesEach / Math.Max(1, each), 1, most) : Math.Min(most, FirstTasks);
        }

        /// <summary>Notes a page that was read, by which the next one is measured.</summary>
        public void Read(IReadOnlyList<TaskView> page)
        {
            if (page.Count > 0) bytesPerTask = page.Sum(task => (long)task.Output.Length + task.Input.Length) / page.Count;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0) Interlocked.Decrement(ref room.open);
        }
    }
}
