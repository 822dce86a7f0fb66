using System.CommandLine;
using System.CommandLine.Parsing;
using StashAI.Client;
using StashAI.Hosting.Settings;
using StashAI.Server.Cli.Parsing;
using StashAI.Server.Options;

namespace StashAI.Server.Cli.Remote;

/// <summary>One run of a command for work: its client, and where its data and its remarks go.</summary>
internal sealed class RemoteCall : IDisposable
{
    private readonly ParseResult parse;

    public RemoteCall(ParseResult parse, RemoteFlags flags, Surroundings surroundings)
    {
        this.parse = parse;
        Surroundings = surroundings;
        var reader = new SettingsReader(surroundings.Environment, parse.FlagText);
        var (server, key, folder) = SettingsReader.Bind(
            reader,
            settings => (
                settings.Read(ServerSettings.ClientServer),
                settings.Read(ServerSettings.ClientKey),
                settings.Read(ServerSettings.ClientFolder)));
        ProfilePath = Profile.PathIn(folder);
        var profile = server is not null && key is not null ? null : Profile.Read(ProfilePath);
        Server = server ?? profile?.Server ?? new Uri(ServeOptions.DefaultUrl);
        // A key is for the server that it was given for, and goes to no other.
        Key = key ?? (profile?.Server == Server ? profile.Key : null);
        Client = new StashClient(Server, new StashClientOptions { Key = Key, MaxRetries = 2 });
        IsQuiet = parse.GetValue(flags.Quiet);
        Json = JsonLines.Of(parse.GetValue(flags.Json));
        Output = parse.InvocationConfiguration.Output;
        Error = parse.InvocationConfiguration.Error;
        Progress = new ProgressLines(IsQuiet ? null : Error, IsQuiet ? null : surroundings.ErrorTerminal);
    }

    public Surroundings Surroundings { get; }

    public StashClient Client { get; }

    public Uri Server { get; }

    public string? Key { get; }

    public string ProfilePath { get; }

    /// <summary>How to print JSON; null for text.</summary>
    public JsonLines? Json { get; }

    public bool IsQuiet { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public ProgressLines Progress { get; }

    public T? Value<T>(Option<T> option) => parse.GetValue(option);

    public T? Value<T>(Argument<T> argument) => parse.GetValue(argument);

    /// <summary>A remark for the person at the terminal.</summary>
    public async Task SayAsync(string text)
    {
        if (!IsQuiet) await Error.WriteLineAsync(text);
    }

    public void Dispose() => Client.Dispose();
}
