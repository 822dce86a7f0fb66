using System.CommandLine;
using StashAI.Server.Cli.Remote;

namespace StashAI.Server.Cli.Account;

/// <summary>`open`: the server's pages in a browser.</summary>
internal static class OpenCommand
{
    public static Command Create(RemoteGroup group)
    {
        var job = new Argument<string?>("JOB")
        {
            Description = "The job to show; the first page if none is given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return group.Create(
            "open", "Open the server's pages in a browser, or print their address where there is no browser.",
            async (call, cancellationToken) =>
            {
                if (call.Value(job) is not { } text) return await WebPages.OpenAsync(call, "dashboard", "demo", cancellationToken);
                var id = await call.Client.FindJobIdAsync(text, cancellationToken);
                return await WebPages.OpenAsync(call, $"dashboard/jobs/{id}", $"api/jobs/{id}", cancellationToken);
            },
            [job],
            "stashai open", "stashai open 0199f0a2");
    }
}
