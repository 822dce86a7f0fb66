using System.CommandLine;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`audit`: what people changed.</summary>
internal static class AuditCommand
{
    public static Command Create(RemoteGroup group)
    {
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "The most entries to show.", DefaultValueFactory = _ => 50 };
        return group.Create(
            "audit", "List what people changed: who, when and from where.",
            async (call, cancellationToken) =>
            {
                var table = new TextTable("WHEN", "WHO", "FROM", "DID", "TO", "DETAILS");
                await foreach (var entry in call.Client.AuditAsync(cancellationToken).Take(call.Value(limit)))
                {
                    if (call.Json is { } json)
                    {
                        await json.WriteAsync(call.Output, entry);
                        continue;
                    }

                    var details = entry.Details is { ValueKind: System.Text.Json.JsonValueKind.Object } found ? JsonLines.Text(found) : "";
                    table.Add(
                        Words.At(entry.At), entry.Who ?? "-", entry.Address ?? "-", entry.Action,
                        $"{entry.TargetKind} {entry.TargetId}".Trim(), details);
                }

                if (call.Json is null) await table.WriteAsync(call.Output);
                return ExitCodes.Success;
            },
            [limit],
            "stashai audit", "stashai audit --limit 500 --json=at,who,action,target_id");
    }
}
