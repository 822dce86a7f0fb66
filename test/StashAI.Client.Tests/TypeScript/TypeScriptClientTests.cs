using StashAI.Client.Models;
using StashAI.Testing.Connections;
using StashAI.Testing.Files;

namespace StashAI.Client.Tests.TypeScript;

/// <summary>`@stashai/client` against the real server, in Node.js.</summary>
public sealed class TypeScriptClientTests(RunningServer server, TypeScriptPackage package) : IClassFixture<TypeScriptPackage>
{
    public static TheoryData<int> Examples => [.. Enumerable.Range(0, TypeScriptPackage.ExampleCount)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_generated_types_are_those_of_the_servers_document() =>
        await package.ScriptAsync(Path.Combine("scripts", "types.mjs"), "--check", server.Url);

    [Theory]
    [InlineData("socket")]
    [InlineData("events")]
    [InlineData("polling")]
    public async Task A_job_is_followed_and_read_to_its_end_over_the_death_of_the_server(string way)
    {
        using var folder = new TempFolder();
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var own = await server.ServeAsync(folder.Path, "http://127.0.0.1:0", ("NODE_LEASE_SECONDS", "3600"));
        var url = own.Url;
        try
        {
            await using var program = package.Start("crash", ("SERVER", url), ("HELD", held), ("WAY", way));
            await program.WaitForLineAsync(line => line == "half", Cancellation);
            await own.KillAsync();
            await own.DisposeAsync();
            gate.Open();
            own = await server.ServeAsync(folder.Path, url, ("NODE_LEASE_SECONDS", "3600"));

            Assert.Equal(["half", "completed 100", "read"], await TypeScriptPackage.OutputAsync(program));
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_large_file_arrives_whole_over_broken_connections_and_an_abort()
    {
        await using var relay = new ScriptedRelay(server.Url);
        foreach (var megabytes in (int[])[2, 9, 14, 15]) relay.CutAt(megabytes * 1_000_000L);

        var output = await package.RunAsync(
            "upload", ("SERVER", server.Url), ("RELAY", relay.Address.ToString()), ("SEED", $"{Random.Shared.Next()}"));

        Assert.Equal(["same content"], output);
    }

    [Fact]
    public async Task A_key_opens_sockets_by_a_ticket()
    {
        using var folder = new TempFolder();
        const string key = "a-key-of-a-test-that-is-long-enough-to-be-taken";
        await using var own = await server.ServeAsync(folder.Path, "http://127.0.0.1:0", ("API_KEYS", $"admin:{key}"));

        var output = await package.RunAsync("keys", ("SERVER", own.Url), ("KEY", key));

        Assert.Equal("services", output[0]);
        Assert.Contains("socket", output[1].Split(' '));
        Assert.Equal("refused with 401", output[2]);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_of_the_readme_runs(int index)
    {
        using var client = server.Connect();
        await client.WaitAsync((await client.SubmitTextsAsync("echo.up", ["a"], cancellationToken: Cancellation)).JobId, Cancellation);

        Assert.NotEmpty(await package.RunAsync($"example{index}", ("SERVER", server.Url)));
    }
}
