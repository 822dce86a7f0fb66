using StashAI.Server.Exits;
using StashAI.Storage.Backups;

namespace StashAI.Server.Backups;

/// <summary>Looks at the objects that a queue names, and counts them. Their bytes are not read.</summary>
/// <param name="source">The queue; a payload whose object is not there is judged by its database of now.</param>
internal sealed class ObjectCheck(IBackupSource source)
{
    private int objects;
    private long payloads;
    private long size;

    /// <summary>What the manifest says of them; null when there are none.</summary>
    public BackupObjects? Result =>
        objects == 0 ? null : new BackupObjects(source.Objects!.Address.ToString(), objects, payloads, size);

    /// <summary>Looks at the payloads of one object.</summary>
    /// <returns>The state of each, as in <see cref="IndexedPayload.State"/>.</returns>
    /// <exception cref="UsageException">No bucket is given.</exception>
    /// <exception cref="Queue.Store.PayloadFileException">The server of the bucket cannot be asked.</exception>
    public async Task<IReadOnlyList<string?>> LookAsync(IReadOnlyList<NamedPayload> named, CancellationToken cancellationToken)
    {
        if (source.Objects is not { } bucket)
        {
            throw new UsageException(
                $"The queue names objects of a bucket, such as {named[0].File}, and no bucket is given: set PAYLOADS=s3://BUCKET, as the "
                + "servers of the queue have it.");
        }

        var stored = await bucket.FindSizeAsync(named[0].File, cancellationToken);
        var states = new string?[named.Count];
        for (var i = 0; i < states.Length; i++)
        {
            if (stored >= named[i].End)
            {
                states[i] = IndexedPayload.Outside;
                (payloads, size) = (payloads + 1, size + named[i].Size);
            }
            else
            {
                states[i] = await source.IsNamedAsync(named[i], cancellationToken) ? IndexedPayload.Damaged : IndexedPayload.Removed;
            }
        }

        if (states.Contains(IndexedPayload.Outside)) objects++;
        return states;
    }
}
