using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Figures;

/// <summary>The description of <c>GET /api/server</c> in the API's document.</summary>
internal static class ServerDocs
{
    public static RouteDoc Server { get; } = new("server", Chapter.Server, "What runs here, and how much room it has")
    {
        Description = "Read from memory: the disk is measured every 30 seconds, the database every ten minutes. `disk` is null where it is "
            + "not known, `database` in the first moments. `payload_bytes` and `preview_bytes` are part of `bytes`; the small pictures of "
            + "photos are estimated on SQLite. `payload_file_bytes` are in files beside the database, and "
            + "estimated on PostgreSQL where they are many. `log_bytes` is null on PostgreSQL.",
        Answers =
        [
            AnswerDoc.Of(new ServerShape(
                HealthRoutes.Version, ".NET 10.0.0", "Debian GNU/Linux 13, X64",
                new DiskShape(120_000_000_000, 500_000_000_000, 2_147_483_648, null),
                new DatabaseShape(
                    DatabaseKindShape.Sqlite, "3.50.4", "0030", 400_000_000, 8_000_000, 3_000_000, 35_000_000_000, 200_000_000,
                    Samples.Time))),
        ],
    };
}

/// <summary>The versions of what runs here, the disk of its data folder, and its database.</summary>
internal sealed record ServerShape(string Version, string Runtime, string System, DiskShape? Disk, DatabaseShape? Database);

/// <summary>The disk of the data folder. With less than `low_below_bytes` it needs attention, since `low_since`.</summary>
internal sealed record DiskShape(long FreeBytes, long TotalBytes, long LowBelowBytes, DateTimeOffset? LowSince);

/// <summary>The database: what it is, the number of its newest migration, and its size.</summary>
internal sealed record DatabaseShape(
    DatabaseKindShape Kind, string Version, string Schema, long Bytes, long? LogBytes, long PayloadBytes, long PayloadFileBytes,
    long PreviewBytes, DateTimeOffset MeasuredAt);

/// <summary>Which database holds the queue.</summary>
internal enum DatabaseKindShape
{
    Sqlite,
    Postgresql,
}
