using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>What depends on transactions, locks and settings, through a PgBouncer that gives each transaction another session.</summary>
public static class PooledStoreContract
{
    private const string Mode = "transaction";

    public sealed class Uploads(PostgresFixture postgres) : UploadContract(new PostgresHost(postgres, Mode));

    public sealed class Claims(PostgresFixture postgres) : ClaimContract(new PostgresHost(postgres, Mode));

    public sealed class Gates(PostgresFixture postgres) : GateContract(new PostgresHost(postgres, Mode));

    public sealed class Limits(PostgresFixture postgres) : LimitContract(new PostgresHost(postgres, Mode));

    public sealed class Series(PostgresFixture postgres) : SeriesContract(new PostgresHost(postgres, Mode));

    public sealed class Timeline(PostgresFixture postgres) : TimelineContract(new PostgresHost(postgres, Mode));

    public sealed class Circuits(PostgresFixture postgres) : CircuitContract(new PostgresHost(postgres, Mode));

    public sealed class Retries(PostgresFixture postgres) : RetryContract(new PostgresHost(postgres, Mode));

    public sealed class Submits(PostgresFixture postgres) : IdempotencyContract(new PostgresHost(postgres, Mode));

    public sealed class Outcomes(PostgresFixture postgres) : OutcomeContract(new PostgresHost(postgres, Mode));

    public sealed class Cancels(PostgresFixture postgres) : CancelContract(new PostgresHost(postgres, Mode));

    public sealed class Leases(PostgresFixture postgres) : LeaseContract(new PostgresHost(postgres, Mode));

    public sealed class Crashes(PostgresFixture postgres) : CrashContract(new PostgresHost(postgres, Mode));

    public sealed class Counters(PostgresFixture postgres) : ReconcileContract(new PostgresHost(postgres, Mode));
}
