namespace StashAI.Queue.Model.Nodes;

/// <summary>What the database is, and how large it and its parts are, in bytes.</summary>
/// <param name="Kind"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="Version">The version of the database.</param>
/// <param name="Schema">The number of the newest migration, such as <c>0030</c>.</param>
/// <param name="Database">The database.</param>
/// <param name="Log">The write-ahead log; null where the database does not tell.</param>
/// <param name="Payloads">The binary parts of inputs, such as photos. Part of the database.</param>
/// <param name="PayloadFiles">The binary parts of inputs that are in files, which are not part of the database.</param>
/// <param name="Previews">The small pictures that were made of them, which may be estimated. Part of the database.</param>
public sealed record StoreSizes(
    string Kind, string Version, string Schema, long Database, long? Log, long Payloads, long PayloadFiles, long Previews);

/// <summary>The room on the disk of the data folder, in bytes.</summary>
/// <param name="Free">What this process may still write.</param>
/// <param name="Total">The size of the disk.</param>
public sealed record DiskRoom(long Free, long Total);
