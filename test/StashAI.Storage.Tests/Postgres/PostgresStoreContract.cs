using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>The contract on PostgreSQL.</summary>
public static class PostgresStoreContract
{
    public sealed class Uploads(PostgresFixture postgres) : UploadContract(new PostgresHost(postgres));

    public sealed class Claims(PostgresFixture postgres) : ClaimContract(new PostgresHost(postgres));

    public sealed class Outcomes(PostgresFixture postgres) : OutcomeContract(new PostgresHost(postgres));

    public sealed class Cancels(PostgresFixture postgres) : CancelContract(new PostgresHost(postgres));

    public sealed class Leases(PostgresFixture postgres) : LeaseContract(new PostgresHost(postgres));

    public sealed class Reads(PostgresFixture postgres) : ReadContract(new PostgresHost(postgres));
}
