using StashAI.Queue.Model.Access;
using StashAI.Server.Options;

namespace StashAI.Server.Tests.Cli;

/// <summary>`stashai keys`, from the command line to its options.</summary>
public sealed class KeyOptionsTests
{
    [Theory]
    [InlineData("", ApiScope.Submit)]
    [InlineData("--scope read", ApiScope.Read)]
    [InlineData("--scope ADMIN", ApiScope.Admin)]
    public async Task A_key_has_a_name_and_a_scope_and_is_kept_where_serve_finds_it(string flags, ApiScope scope)
    {
        var options = (await CommandRun.OfAsync($"keys create --name laptop --data /srv/d {flags}")).As<CreateKeyOptions>();

        Assert.Equal("laptop", options.Name);
        Assert.Equal(scope, options.Scope);
        Assert.Equal("/srv/d/queue.db", options.QueueDatabasePath);
    }

    [Fact]
    public async Task Keys_are_listed_and_revoked_in_the_same_place()
    {
        var list = (await CommandRun.OfAsync("keys list", ("QUEUE_DB_PATH", "/srv/q.db"))).As<ListKeysOptions>();
        var revoke = (await CommandRun.OfAsync("keys revoke laptop --data /srv/d")).As<RevokeKeyOptions>();

        Assert.Equal("/srv/q.db", list.QueueDatabasePath);
        Assert.Equal("laptop", revoke.Key);
        Assert.Equal("/srv/d/queue.db", revoke.QueueDatabasePath);
    }

    [Fact]
    public async Task A_name_is_measured_in_characters()
    {
        var longest = string.Concat(Enumerable.Repeat("\U0001F600", 100));

        Assert.Equal(longest, (await CommandRun.OfAsync($"keys create --name {longest}")).As<CreateKeyOptions>().Name);
        Assert.Contains("100 characters", (await CommandRun.OfAsync($"keys create --name {longest}x")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys create", "stashai keys create: --name")]
    [InlineData("keys create --name x --scope root", "read, submit, operate or admin")]
    [InlineData("keys revoke", "stashai keys revoke: ")]
    [InlineData("keys", "stashai keys: ")]
    public async Task What_cannot_be_understood_is_said_in_one_sentence(string line, string part)
    {
        var run = await CommandRun.OfAsync(line);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }
}
