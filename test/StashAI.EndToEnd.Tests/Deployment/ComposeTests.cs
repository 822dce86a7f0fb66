using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace StashAI.EndToEnd.Tests.Deployment;

/// <summary>What docker-compose.yml promises to those who know the names in it.</summary>
public sealed partial class ComposeTests
{
    private static readonly string Text = Repository.Read("docker-compose.yml");

    private readonly Dictionary<string, Dictionary<object, object>> services = Read();

    [Fact]
    public void It_starts_a_gateway_workers_and_the_face_service_under_the_names_that_scripts_use()
    {
        Assert.Equal(
            ["huey-worker", "stash-ai-server", "visage"],
            services.Where(service => !service.Value.ContainsKey("profiles")).Select(service => service.Key).Order());
        Assert.Equal(["gpu"], Assert.IsType<List<object>>(services["huey-worker-gpu"]["profiles"]));
        Assert.Equal(["postgres"], Assert.IsType<List<object>>(services["postgres"]["profiles"]));
    }

    [Fact]
    public void Nothing_is_published_beyond_this_machine()
    {
        foreach (var port in services.Values.Where(service => service.ContainsKey("ports"))
            .SelectMany(service => (List<object>)service["ports"]))
        {
            Assert.StartsWith("127.0.0.1:", (string)port, StringComparison.Ordinal);
        }

        Assert.Contains("127.0.0.1:9998:9998", (List<object>)services["stash-ai-server"]["ports"]);
    }

    [Fact]
    public void The_gateway_learns_where_browsers_reach_it_and_which_proxies_to_trust()
    {
        var environment = (Dictionary<object, object>)services["stash-ai-server"]["environment"];
        Assert.Equal(
            ("${PUBLIC_URL:-}", "${TRUSTED_PROXIES:-}"), ((string)environment["PUBLIC_URL"], (string)environment["TRUSTED_PROXIES"]));
    }

    [Fact]
    public void Workers_can_be_many_and_share_the_gateways_queue()
    {
        Assert.All(services.Values, service => Assert.False(service.ContainsKey("container_name")));
        Assert.Equal("1", ((Dictionary<object, object>)services["huey-worker"]["deploy"])["replicas"]);
        foreach (var name in (string[])["stash-ai-server", "huey-worker", "huey-worker-gpu"])
        {
            Assert.Equal(["data:/app/data"], (List<object>)services[name]["volumes"]);
            var environment = (Dictionary<object, object>)services[name]["environment"];
            Assert.Equal("${QUEUE_DB_PATH:-/app/data/queue.db}", environment["QUEUE_DB_PATH"]);
            Assert.Equal("${DATABASE_URL:-}", environment["DATABASE_URL"]);
            // A submit is checked at the gateway, the call at the worker: by the same lists, and with the same key.
            foreach (var shared in (string[])["ALLOWED_UPSTREAMS", "ALLOWED_FETCH_HOSTS", "TRUST_LAN", "SECRETS_KEY"])
                Assert.StartsWith($"${{{shared}:-", Assert.IsType<string>(environment[shared]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_gpu_worker_reserves_a_gpu_and_says_so_by_its_label()
    {
        Assert.Equal("gpu", ((Dictionary<object, object>)services["huey-worker-gpu"]["environment"])["WORKER_LABELS"]);
        Assert.Matches(new Regex(@"driver: nvidia\s+count: 1\s+capabilities: \[gpu\]"), Text);
    }

    [Fact]
    public void Every_variable_has_a_default_and_stands_on_the_page_of_settings()
    {
        var settings = Repository.Read("docs/configuration.md");
        foreach (var variable in Variable().Matches(Text).Select(match => match.Groups[1].Value).Distinct())
        {
            Assert.Contains($"${{{variable}:-", Text, StringComparison.Ordinal);
            if (variable != "POSTGRES_PASSWORD") Assert.Contains($"`{variable}`", settings, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, Dictionary<object, object>> Read()
    {
        var parser = new MergingParser(new Parser(new StringReader(Text)));
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser);
        return ((Dictionary<object, object>)file["services"])
            .ToDictionary(service => (string)service.Key, service => (Dictionary<object, object>)service.Value);
    }

    [GeneratedRegex(@"\$\{([A-Z_]+)")]
    private static partial Regex Variable();
}
