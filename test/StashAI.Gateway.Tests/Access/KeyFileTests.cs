using StashAI.Gateway.Settings;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Access;

/// <summary>API_KEYS_FILE changes while the server runs.</summary>
public sealed class KeyFileTests : IDisposable
{
    private const string One = "admin:the-first-key-of-an-operator";
    private const string Two = "read:the-second-key-of-a-reader";

    private readonly TempFolder folder = new();
    private readonly List<string> problems = [];

    private string Path => folder.File("keys");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_key_that_is_taken_out_no_longer_counts_and_a_new_one_does()
    {
        File.WriteAllText(Path, One);
        var keys = Read();
        Assert.Equal([ApiKeyText.HashOf(One[6..])], keys.Current().Select(key => key.Hash.ToArray()));

        File.WriteAllText(Path, Two);

        Assert.Equal([ApiKeyText.HashOf(Two[5..])], keys.Current(problems.Add).Select(key => key.Hash.ToArray()));
        Assert.Empty(problems);
    }

    [Fact]
    public void A_swapped_link_is_followed()
    {
        File.WriteAllText(folder.File("v1"), One);
        File.WriteAllText(folder.File("v2"), Two);
        File.CreateSymbolicLink(Path, "v1");
        var keys = Read();
        keys.Current();

        File.CreateSymbolicLink(folder.File("new"), "v2");
        File.Move(folder.File("new"), Path, overwrite: true);

        Assert.Equal([ApiKeyText.HashOf(Two[5..])], keys.Current().Select(key => key.Hash.ToArray()));
    }

    [Theory]
    [InlineData("too short")]
    [InlineData(null)]
    public void A_file_that_breaks_or_goes_leaves_the_keys_and_is_said_once(string? content)
    {
        File.WriteAllText(Path, One);
        var keys = Read();
        keys.Current();

        if (content is null) File.Delete(Path);
        else File.WriteAllText(Path, content);

        Assert.Single(keys.Current(problems.Add));
        Assert.Single(keys.Current(problems.Add));
        Assert.StartsWith("API_KEYS_FILE ", Assert.Single(problems), StringComparison.Ordinal);
        File.WriteAllText(Path, Two);
        Assert.Equal([ApiKeyText.HashOf(Two[5..])], keys.Current().Select(key => key.Hash.ToArray()));
    }

    [Fact]
    public void A_file_that_is_emptied_does_not_open_the_server()
    {
        File.WriteAllText(Path, One);
        var keys = Read();

        File.WriteAllText(Path, "");

        Assert.Empty(keys.Current());
        Assert.True(keys.AreRequired);
    }

    [Fact]
    public void A_server_without_keys_needs_none()
    {
        File.WriteAllText(Path, "# nobody yet\n");
        var keys = Read();
        Assert.False(keys.AreRequired);

        File.WriteAllText(Path, One);

        Assert.Single(keys.Current());
        Assert.True(keys.AreRequired);
    }

    private ConfiguredKeys Read() => ConfiguredKeys.From(TestServers.Settings(new() { ["API_KEYS_FILE"] = Path }));
}
