using System.Collections.Concurrent;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;
using Xunit;

namespace StashAI.Testing.Processes;

/// <summary>
/// One real `stashai serve` for all tests of a kind, in front of a scripted service. Texts that a test holds wait for their gates.
/// </summary>
public abstract class ServedFixture : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly ConcurrentDictionary<string, Gate> gates = new();
    private ScriptedService? service;
    private StashAIProcess? process;

    public string Url => process!.Url;

    public ScriptedService Service => service!;

    /// <summary>More settings of the server that all tests share.</summary>
    protected virtual IReadOnlyList<(string Name, string Value)> Settings => [];

    /// <summary>The variable that holds the address of the scripted service in the declarations.</summary>
    protected abstract string AddressVariable { get; }

    /// <summary>The declared services: their names and their declarations.</summary>
    protected abstract IReadOnlyDictionary<string, string> Declarations { get; }

    public async ValueTask InitializeAsync()
    {
        service = await ScriptedService.StartAsync(new ScriptedServiceOptions { Item = call => call.Path }, CancellationToken.None);
        service.Script = Answer;
        Directory.CreateDirectory(File("services"));
        foreach (var (name, yaml) in Declarations)
            await System.IO.File.WriteAllTextAsync(Path.Combine(File("services"), $"{name}.yaml"), yaml);
        process = await ServeAsync(folder.Path, "http://127.0.0.1:0", Settings);
    }

    /// <summary>Starts a server of the test's own on a folder; with the same folder and address it is the same server again.</summary>
    public Task<StashAIProcess> ServeAsync(string data, string url, params IReadOnlyList<(string Name, string Value)> settings)
    {
        var environment = new Dictionary<string, string?> { ["SERVICES_DIR"] = File("services"), [AddressVariable] = Service.Url };
        foreach (var (name, value) in settings) environment[name] = value;
        return StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments = ["serve", "--urls", url, "--data", Path.Combine(data, "data"), "--visage-url", "none"],
                Environment = environment,
                Folder = data,
            },
            CancellationToken.None);
    }

    /// <summary>Texts that are this one wait until the gate is opened.</summary>
    public Gate Hold(string text) => gates.GetOrAdd(text, _ => new Gate());

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await process.DisposeAsync();
        foreach (var gate in gates.Values) gate.Open();
        if (service is not null) await service.DisposeAsync();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the scripted service answers.</summary>
    protected abstract Reply Answer(ScriptedCall call);

    /// <summary>The reply at once, or when the gate of a text that a test holds is opened.</summary>
    protected Reply WhenOpened(string text, Reply reply) => gates.TryGetValue(text, out var gate) ? Reply.Hold(gate, reply) : reply;

    /// <summary>A path in the folder of this fixture.</summary>
    protected string File(string name) => folder.File(name);
}
