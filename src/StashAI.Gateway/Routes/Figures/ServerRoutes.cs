using System.Runtime.InteropServices;
using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Nodes;

namespace StashAI.Gateway.Routes.Figures;

/// <summary><c>GET /api/server</c>: the versions of what runs here, the room on its disk, the size of its database, its backups.</summary>
internal static class ServerRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/server", ReadAsync).Describe(ServerDocs.Server).Needs(ApiScope.Read);

    private static Task ReadAsync(HttpContext context, QueueEngine engine, TimeProvider clock)
    {
        var storage = engine.Storage;
        return WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("version", HealthRoutes.Version);
            json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
            json.WriteString("system", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture}");
            WriteDisk(json, storage);
            WriteDatabase(json, storage);
            WriteBackup(json, storage.Backups, clock.GetUtcNow());
            json.WriteEndObject();
        });
    }

    private static void WriteDisk(Utf8JsonWriter json, StorageState storage)
    {
        if (storage.Room is not { } room)
        {
            json.WriteNull("disk");
            return;
        }

        json.WriteStartObject("disk");
        json.WriteNumber("free_bytes", room.Free);
        json.WriteNumber("total_bytes", room.Total);
        json.WriteNumber("low_below_bytes", storage.LowBelow);
        json.WriteTime("low_since", storage.LowSince);
        json.WriteEndObject();
    }

    private static void WriteDatabase(Utf8JsonWriter json, StorageState storage)
    {
        if (storage.Sizes is not { } sizes)
        {
            json.WriteNull("database");
            return;
        }

        json.WriteStartObject("database");
        json.WriteString("kind", sizes.Kind);
        json.WriteString("version", sizes.Version);
        json.WriteString("schema", sizes.Schema);
        json.WriteNumber("bytes", sizes.Database);
        json.WriteNumberOrNull("log_bytes", sizes.Log);
        json.WriteNumber("payload_bytes", sizes.Payloads);
        json.WriteNumber("payload_file_bytes", sizes.PayloadFiles);
        json.WriteNumber("preview_bytes", sizes.Previews);
        json.WriteTime("measured_at", storage.MeasuredAt);
        json.WriteEndObject();
    }

    private static void WriteBackup(Utf8JsonWriter json, BackupStanding? backups, DateTimeOffset now)
    {
        if (backups is null)
        {
            json.WriteNull("backup");
            return;
        }

        json.WriteStartObject("backup");
        json.WriteString("state", Word(backups.StateAt(now)));
        if (backups.Last is { } last)
        {
            json.WriteStartObject("last");
            json.WriteTime("ended_at", last.EndedAt);
            json.WriteTime("snapshot_at", last.SnapshotAt);
            json.WriteString("folder", last.Folder);
            json.WriteString("host", last.Host);
            json.WriteNumber("bytes", last.Size);
            json.WriteNumber("damaged_payloads", last.Damaged);
            json.WriteBoolean("has_database", last.HasQueue);
            json.WriteTime("verified_at", last.CheckedAt);
            json.WriteString("verify_error", last.CheckError);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("last");
        }

        if (backups.Failure is { } failure)
        {
            json.WriteStartObject("failure");
            json.WriteTime("ended_at", failure.EndedAt);
            json.WriteString("folder", failure.Folder);
            json.WriteString("host", failure.Host);
            json.WriteString("error", failure.Error);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("failure");
        }

        json.WriteEndObject();
    }

    private static string Word(BackupState state) => state switch
    {
        BackupState.None => "none",
        BackupState.Failed => "failed",
        BackupState.Damaged => "damaged",
        BackupState.Incomplete => "incomplete",
        BackupState.Old => "old",
        _ => "good",
    };
}
