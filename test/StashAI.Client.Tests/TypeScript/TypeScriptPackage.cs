using System.Text.Json;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.Client.Tests.TypeScript;

/// <summary>
/// `@stashai/client` as a package beside programs that use it: those of web/client/test, and the examples of its README. All of them are
/// compiled once.
/// </summary>
public sealed class TypeScriptPackage : IAsyncLifetime
{
    private const string Fence = "```ts\n";

    /// <summary>The server of the README's examples.</summary>
    private const string ExampleServer = "http://127.0.0.1:9998";

    private readonly TempFolder folder = new();

    /// <summary>Why nothing can be compiled here; null if it can.</summary>
    private string? missing;

    private IReadOnlyList<string> node = ["node"];

    public static string Sources { get; } = Path.Combine(SourceTree.Folder, "web", "client");

    /// <summary>How many examples the README has.</summary>
    public static int ExampleCount => Examples().Count;

    public async ValueTask InitializeAsync()
    {
        var modules = Path.Combine(SourceTree.Folder, "web", "node_modules");
        if (!Directory.Exists(modules) || await NodeVersionAsync() is not { } version)
        {
            missing = "The packages of web/ are not installed; `npm ci` in web installs them.";
            return;
        }

        // In these versions a flag gives Node.js the WebSocket that later ones have.
        if (version.Major is 20 or 21) node = ["node", "--experimental-websocket", "--no-warnings"];
        var package = folder.Folder("node_modules/@stashai/client");
        File.Copy(Path.Combine(Sources, "package.json"), Path.Combine(package, "package.json"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "node_modules", "@types"), Path.Combine(modules, "@types"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "node_modules", "undici-types"), Path.Combine(modules, "undici-types"));
        foreach (var program in Directory.EnumerateFiles(Path.Combine(Sources, "test"), "*.ts"))
            File.Copy(program, folder.File(Path.GetFileName(program)));
        foreach (var (example, index) in Examples().Select((example, index) => (example, index)))
            await File.WriteAllTextAsync(folder.File($"example{index}.ts"), Runnable(example));
        await File.WriteAllTextAsync(folder.File("package.json"), """{"type":"module"}""");
        await File.WriteAllTextAsync(folder.File("ann.jpg"), "a photo");
        await File.WriteAllTextAsync(folder.File("bob.jpg"), "another photo");
        await File.WriteAllTextAsync(folder.File("tsconfig.json"), Settings());
        await CompileAsync(Path.Combine(Sources, "tsconfig.build.json"), "--outDir", Path.Combine(package, "dist"));
        await CompileAsync(folder.File("tsconfig.json"));
    }

    /// <summary>Starts a program.</summary>
    public StashAIProcess Start(string program, params IEnumerable<(string Name, string Value)> environment)
    {
        Assert.SkipWhen(missing is not null, missing ?? "");
        return StashAIProcess.Launch(new StashAIProcessOptions
        {
            Program = node,
            Arguments = [Path.Combine("out", $"{program}.js")],
            Environment = environment.ToDictionary(one => one.Name, one => (string?)one.Value),
            Folder = folder.Path,
        });
    }

    /// <summary>Runs a program to its end, which must be a success.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(string program, params IEnumerable<(string Name, string Value)> environment)
    {
        await using var process = Start(program, environment);
        return await OutputAsync(process);
    }

    /// <summary>What a program wrote, once it has ended with success.</summary>
    public static async Task<IReadOnlyList<string>> OutputAsync(StashAIProcess process)
    {
        var code = await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var output = await process.OutputAsync();
        Assert.True(code == 0, $"The program ended with {code}:\n{output}\n{string.Join('\n', process.StandardError)}");
        return output.Split('\n');
    }

    /// <summary>Runs a script of the package in its folder.</summary>
    public Task<string> ScriptAsync(params IEnumerable<string> command)
    {
        Assert.SkipWhen(missing is not null, missing ?? "");
        return ProgramRun.OutputAsync(["node", .. command], Sources, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static List<string> Examples() =>
    [
        .. SourceTree.Read("web/client/README.md").Split(Fence)[1..]
            .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]),
    ];

    private static string Runnable(string example)
    {
        Assert.Contains(ExampleServer, example, StringComparison.Ordinal);
        return example.Replace($"'{ExampleServer}'", "process.env.SERVER!", StringComparison.Ordinal);
    }

    /// <summary>The strictest settings that a user may have.</summary>
    private static string Settings() => JsonSerializer.Serialize(new
    {
        compilerOptions = new
        {
            target = "es2022",
            module = "nodenext",
            lib = (string[])["es2022", "dom", "dom.iterable", "dom.asynciterable"],
            types = (string[])["node"],
            strict = true,
            noUncheckedIndexedAccess = true,
            exactOptionalPropertyTypes = true,
            outDir = "out",
        },
        include = (string[])["*.ts"],
    });

    private static async Task<Version?> NodeVersionAsync()
    {
        try
        {
            var text = await ProgramRun.OutputAsync(["node", "--version"], Sources, TestContext.Current.CancellationToken);
            return Version.Parse(text.Trim().TrimStart('v'));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // It is not installed.
        }
    }

    private async Task CompileAsync(string project, params IEnumerable<string> arguments)
    {
        var compiler = await ScriptAsync("-p", "require.resolve('typescript/bin/tsc')");
        await ScriptAsync([compiler, "-p", project, .. arguments]);
    }
}
