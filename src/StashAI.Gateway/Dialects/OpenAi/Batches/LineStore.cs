using StashAI.Gateway.Intake.Items;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// Stores lines while the next ones are checked, so that the check and the database do not take turns. At most two megabytes of lines are
/// in memory, beside one line: those that gather, and those that are written.
/// </summary>
/// <param name="upload">Receives them in their order, a task each. Others may use it only after <see cref="SettleAsync"/>.</param>
internal sealed class LineStore(IUpload upload) : IAsyncDisposable
{
    /// <summary>As much as an upload writes in one transaction.</summary>
    private const int MaxGathered = 1024 * 1024;

    private List<CheckedLine> gathered = [];
    private Task writing = Task.CompletedTask;
    private int bytes;

    /// <summary>Adds a line without a file; waits while those before the gathered ones are written.</summary>
    public async ValueTask AddAsync(CheckedLine line, CancellationToken cancellationToken)
    {
        gathered.Add(line);
        bytes += line.Body.Length + line.Id.Length;
        if (bytes >= MaxGathered) await HandOverAsync(cancellationToken);
    }

    /// <summary>Waits until all lines so far are in the upload.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await HandOverAsync(cancellationToken);
        await writing;
    }

    /// <summary>Waits for a write that is under way, whose upload is about to be discarded.</summary>
    public async ValueTask DisposeAsync() => await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        await writing;
        var lines = gathered;
        (gathered, bytes) = ([], 0);
        writing = Task.Run(() => WriteAsync(lines, cancellationToken), CancellationToken.None);
    }

    private async Task WriteAsync(List<CheckedLine> lines, CancellationToken cancellationToken)
    {
        foreach (var line in lines)
        {
            upload.BeginTask();
            upload.NameTask(new ItemName(null, line.Id));
            await upload.EndTaskAsync(line.Body, cancellationToken);
        }
    }
}
