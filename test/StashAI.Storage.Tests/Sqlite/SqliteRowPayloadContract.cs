using StashAI.Storage.Tests.Contract;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>The parts of the contract that concern payloads, with all of them in rows of the SQLite file.</summary>
public static class SqliteRowPayloadContract
{
    public sealed class Uploads() : UploadContract(new SqliteHost(PayloadKind.Rows));

    public sealed class LargeInputs() : LargeInputContract(new SqliteHost(PayloadKind.Rows));

    public sealed class Payloads() : PayloadContract(new SqliteHost(PayloadKind.Rows));

    public sealed class Retention() : RetentionContract(new SqliteHost(PayloadKind.Rows));

    public sealed class Reruns() : RerunContract(new SqliteHost(PayloadKind.Rows));
}
