using StashAI.Storage.Tests.Contract;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>The contract on a SQLite file.</summary>
public static class SqliteStoreContract
{
    public sealed class Uploads() : UploadContract(new SqliteHost());

    public sealed class Claims() : ClaimContract(new SqliteHost());

    public sealed class Gates() : GateContract(new SqliteHost());

    public sealed class Circuits() : CircuitContract(new SqliteHost());

    public sealed class Aging() : AgingContract(new SqliteHost());

    public sealed class Pausing() : PauseContract(new SqliteHost());

    public sealed class Outcomes() : OutcomeContract(new SqliteHost());

    public sealed class Cancels() : CancelContract(new SqliteHost());

    public sealed class Leases() : LeaseContract(new SqliteHost());

    public sealed class Reads() : ReadContract(new SqliteHost());
}
