using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>The order of a file whose lines run in another one: four bytes for each line.</summary>
internal static class LineOrder
{
    /// <summary>The most tasks that are read at once with their results.</summary>
    private const int OutputsAtOnce = 50;

    private const int TasksAtOnce = 500;

    /// <summary>The places of lines as they are stored.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<int> places)
    {
        var bytes = new byte[places.Count * sizeof(int)];
        for (var i = 0; i < places.Count; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), places[i]);
        return bytes;
    }

    /// <summary>
    /// The places of lines of which some were taken into a new file, in their order; empty where both orders are the same.
    /// </summary>
    /// <param name="places">The places of all lines.</param>
    /// <param name="taken">Which of them were taken, in the order in which they run.</param>
    public static ReadOnlyMemory<byte> WriteSome(ReadOnlyMemory<byte> places, IReadOnlyList<int> taken)
    {
        List<int> inFile = [.. taken.Select(ordinal => BinaryPrimitives.ReadInt32LittleEndian(places.Span[(ordinal * sizeof(int))..]))];
        var ranks = new int[inFile.Count];
        var rank = 0;
        foreach (var at in Enumerable.Range(0, inFile.Count).OrderBy(i => inFile[i])) ranks[at] = rank++;
        return ranks.Index().All(one => one.Item == one.Index) ? default : Write(ranks);
    }

    /// <summary>The tasks of a batch in the order of its file. No more than a page of them is in memory.</summary>
    /// <param name="read">Reads them.</param>
    /// <param name="job">The job.</param>
    /// <param name="places">What <see cref="Write"/> made: the place in the file of each task.</param>
    /// <param name="withOutput">True to read the results.</param>
    /// <param name="download">The download that says how large a page may be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestException">The job is being removed.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<TaskView>> ReadTasksAsync(
        IRead read, JobView job, ReadOnlyMemory<byte> places, bool withOutput, DownloadRoom.Download download,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ordinals = OrdinalsOf(places.Span);
        for (var from = 0; from < ordinals.Length;)
        {
            var to = Math.Min(ordinals.Length, from + (withOutput ? download.TasksByKeys(OutputsAtOnce) : TasksAtOnce));
            long[] keys = [.. ordinals[from..to].Select(ordinal => TaskKey.From(job.Key, ordinal))];
            var found = (await read.FindTasksAsync(keys, withOutput, cancellationToken)).ToDictionary(task => task.Ordinal);
            if (found.Count < keys.Length) throw RequestException.NotFound("The job of this batch was deleted.");
            IReadOnlyList<TaskView> page = [.. ordinals[from..to].Select(ordinal => found[ordinal])];
            download.Read(page);
            yield return page;
            from = to;
        }
    }

    /// <summary>The task of each line, in the order of the file.</summary>
    private static int[] OrdinalsOf(ReadOnlySpan<byte> places)
    {
        var ordinals = new int[places.Length / sizeof(int)];
        for (var i = 0; i < ordinals.Length; i++) ordinals[BinaryPrimitives.ReadInt32LittleEndian(places[(i * sizeof(int))..])] = i;
        return ordinals;
    }
}
