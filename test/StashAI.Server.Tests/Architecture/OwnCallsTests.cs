using System.Text.RegularExpressions;

namespace StashAI.Server.Tests.Architecture;

/// <summary>
/// No HTTP client of the program heeds a proxy of the environment: it calls servers of this machine, or addresses that it checked itself.
/// </summary>
public sealed partial class OwnCallsTests
{
    [Fact]
    public void Every_HTTP_client_leaves_the_proxy_of_the_environment_alone()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StashAI.slnx"))) folder = folder.Parent;
        // The client library is for programs of others, the models come from the internet, and a command may go to a server elsewhere:
        // they may need a proxy.
        var sources = Directory.EnumerateFiles(Path.Combine(folder!.FullName, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/StashAI.Client/", StringComparison.Ordinal)
                && Path.GetFileName(file) is not ("NpmRegistry.cs" or "BatchServer.cs")).ToList();
        Assert.NotEmpty(sources);

        foreach (var file in sources)
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotMatch(ClientWithoutHandler(), text);
            foreach (Match handler in Handler().Matches(text))
            {
                Assert.True(handler.Value.Contains("UseProxy = false", StringComparison.Ordinal), $"{file}: {handler.Value}");
            }
        }
    }

    [GeneratedRegex(@"new HttpClient(\(\))?\s*[{;]|HttpClient \w+ = new\(\)|new HttpClientHandler")]
    private static partial Regex ClientWithoutHandler();

    [GeneratedRegex(@"new SocketsHttpHandler(\(\))?\s*(\{[^}]*\})?")]
    private static partial Regex Handler();
}
