using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Adapters.Http.Templates;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Files;
using StashAI.Hosting.Settings;
using StashAI.Server.Hosting;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Settings;

/// <summary>
/// A pipe, a socket, a device or a folder where a setting or a declaration names a file: refused at once, by setting and path, never waited
/// for.
/// </summary>
public sealed class SpecialFileTests : IAsyncLifetime
{
    private SpecialFiles files = null!;

    /// <summary>Every setting whose value may stand in a file.</summary>
    public static TheoryData<string> FileSettings =>
        [.. SettingsCatalog.All.Where(setting => setting.FileSetting is not null).Select(setting => setting.Name)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(SpecialFiles.CanBeMade, "The kinds of files are those of Linux.");
        files = await SpecialFiles.CreateAsync("", Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        files?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(FileSettings))]
    public async Task A_setting_in_a_file(string name)
    {
        var setting = SettingsCatalog.All.First(one => one.Name == name);
        var variable = setting.FileSetting!.Name;
        foreach (var (path, word) in files.All)
        {
            var reader = new SettingsReader(asked => asked == variable ? path : null);
            await AtOnceAsync(() => reader.Find(setting));
            var problem = Assert.Single(reader.Problems);
            Assert.StartsWith(variable, problem, StringComparison.Ordinal);
            Assert.Contains(path, problem, StringComparison.Ordinal);
            Assert.Contains(word, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_file_of_API_keys()
    {
        foreach (var (path, word) in files.All)
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("API_KEYS_FILE", path)]).Build();
            var problem = await AtOnceAsync(
                () => Assert.Throws<OptionsValidationException>(() => ConfiguredKeys.From(configuration)).Message);
            Assert.Contains("API_KEYS_FILE", problem, StringComparison.Ordinal);
            Assert.Contains(path, problem, StringComparison.Ordinal);
            Assert.Contains(word, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_is_watched()
    {
        foreach (var (path, _) in files.All) Assert.Equal(FileVersion.None, await AtOnceAsync(() => FileVersion.Of(path)));
    }

    [Fact]
    public async Task A_secret_of_a_declaration()
    {
        foreach (var (path, word) in files.All)
        {
            var yaml = $"name: a\nurl: http://x\nheaders: {{X-Key: '${{file:{path}}}'}}\noperations:\n"
                + "  go: {item: string, request: {path: /x}}";
            await AtOnceAsync(() => EnvironmentText.PrintOf(yaml));
            var (adapter, reason) = await AtOnceAsync(() => DeclaredAdapter.Create(DeclarationReader.Read(yaml).Declaration!, _ => null));
            Assert.Null(adapter);
            Assert.Contains(path, reason, StringComparison.Ordinal);
            Assert.Contains(word, reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sslrootcert")]
    [InlineData("sslcert")]
    [InlineData("sslkey")]
    [InlineData("passfile")]
    public async Task A_file_of_the_database_URL(string parameter)
    {
        foreach (var (path, word) in files.All)
        {
            var reader = new SettingsReader(
                asked => asked == "DATABASE_URL" ? $"postgres://u@127.0.0.1/d?{parameter}={Uri.EscapeDataString(path)}" : null);
            await AtOnceAsync(() => reader.Check(SettingsCatalog.All.First(one => one.Name == "DATABASE_URL")));
            var problem = Assert.Single(reader.Problems);
            Assert.Contains(parameter, problem, StringComparison.Ordinal);
            Assert.Contains(word, problem, StringComparison.Ordinal);
        }
    }

    /// <summary>A blocked open cannot be cancelled, so the test must not run on the thread that does it.</summary>
    private static Task<T> AtOnceAsync<T>(Func<T> act) => Task.Run(act, Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
}
