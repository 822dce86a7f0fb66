using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>The parts of the contract that concern payloads, with large ones in a folder that all processes share.</summary>
public static class PostgresFilePayloadContract
{
    public sealed class Uploads(PostgresFixture postgres) : UploadContract(new PostgresHost(postgres, payloads: PayloadKind.Files));

    public sealed class LargeInputs(PostgresFixture postgres) : LargeInputContract(new PostgresHost(postgres, payloads: PayloadKind.Files));

    public sealed class Payloads(PostgresFixture postgres) : PayloadContract(new PostgresHost(postgres, payloads: PayloadKind.Files));

    public sealed class Retention(PostgresFixture postgres) : RetentionContract(new PostgresHost(postgres, payloads: PayloadKind.Files));

    public sealed class Reruns(PostgresFixture postgres) : RerunContract(new PostgresHost(postgres, payloads: PayloadKind.Files));
}
