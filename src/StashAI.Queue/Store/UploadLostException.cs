namespace StashAI.Queue.Store;

/// <summary>The upload's node lost its lease and the upload was removed; the client must send it again.</summary>
public sealed class UploadLostException()
    : Exception("The upload was discarded because this process lost its lease on the database; send it again.");
