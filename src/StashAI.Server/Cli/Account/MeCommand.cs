using System.CommandLine;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Account;

/// <summary>`me`: who the server takes this user for.</summary>
internal static class MeCommand
{
    public static Command Create(RemoteGroup group) => group.Create(
        "me", "Show which server this is, and the name and role of your key there.",
        async (call, cancellationToken) =>
        {
            var me = await call.Client.MeAsync(cancellationToken);
            if (call.Json is { } json)
            {
                await json.WriteAsync(call.Output, me);
                return ExitCodes.Success;
            }

            var lines = new Details(call.Output);
            await lines.AddAsync("server", call.Server.ToString());
            await lines.AddAsync("version", me.Version);
            await lines.AddAsync("name", me.Name);
            await lines.AddAsync("role", Words.Of(me.Role));
            await lines.AddAsync(
                "key", me.Access == "open" ? "none needed" : me.ExpiresAt is { } expiry ? $"until {Words.At(expiry)}" : "valid");
            await lines.AddAsync("features", string.Join(", ", me.Features));
            return ExitCodes.Success;
        },
        [],
        "stashai me", "stashai me --json=name,role");

    /// <summary>The caller in words, for other commands.</summary>
    public static string Describe(Caller me) => me.Access == "open"
        ? $"no key is needed from here, role {Words.Of(me.Role)}"
        : $"key {me.Name}, role {Words.Of(me.Role)}";
}
