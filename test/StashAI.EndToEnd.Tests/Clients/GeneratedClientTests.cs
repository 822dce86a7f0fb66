using StashAI.EndToEnd.Tests.Deployment;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.EndToEnd.Tests.Services;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Clients;

/// <summary>
/// Clients that other people's generators make from `/openapi.json` compile as they are, and submit, wait, list and read. The programs
/// that use them are in test/clients.
/// </summary>
public sealed class GeneratedClientTests
{
    private static readonly string Sources = Path.Combine(Repository.Folder, "test", "clients");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NSwag()
    {
        SkipUnlessTool("nswag.consolecore");
        await using var gateway = await ServedGateway.StartAsync();
        using var folder = await CopyAsync(gateway, "nswag");

        await ToolAsync(
            "nswag", "openapi2csclient", $"/input:{folder.File("openapi.json")}", $"/output:{folder.File("nswag", "Client.cs")}",
            "/classname:StashAIClient", "/namespace:Generated", "/JsonLibrary:SystemTextJson", "/GenerateNullableReferenceTypes:true",
            "/GenerateOptionalPropertiesAsNullable:true");

        await RunAsync(folder, "nswag");
    }

    [Fact]
    public async Task Kiota()
    {
        SkipUnlessTool("microsoft.openapi.kiota");
        await using var gateway = await ServedGateway.StartAsync();
        using var folder = await CopyAsync(gateway, "kiota");

        await ToolAsync(
            "kiota", "generate", "--language", "CSharp", "--openapi", folder.File("openapi.json"), "--output",
            folder.File("kiota", "Client"), "--class-name", "StashAIClient", "--namespace-name", "Generated",
            "--exclude-backward-compatible", "--log-level", "Error");

        await RunAsync(folder, "kiota");
    }

    [Fact]
    public async Task OpenApi_typescript()
    {
        var packages = Path.Combine(Sources, "typescript", "node_modules");
        Assert.SkipUnless(
            Directory.Exists(packages) && RealEngine.Find("node") is not null,
            "openapi-typescript is not installed; ./test.sh --prepare installs it.");
        await using var gateway = await ServedGateway.StartAsync();
        using var folder = await CopyAsync(gateway, "typescript");
        var own = folder.Folder("typescript");
        Directory.CreateSymbolicLink(Path.Combine(own, "node_modules"), packages);
        await File.WriteAllTextAsync(Path.Combine(own, "server.ts"), $"export const server = '{gateway.Process.Url}';\n", Cancellation);

        await ProgramRun.OutputAsync(
            ["node", Path.Combine(packages, "openapi-typescript", "bin", "cli.js"), folder.File("openapi.json"), "-o", "api.d.ts"],
            own,
            Cancellation);
        await ProgramRun.OutputAsync(["node", Path.Combine(packages, "typescript", "bin", "tsc"), "--project", "."], own, Cancellation);

        Check(await ProgramRun.OutputAsync(["node", "out/main.js"], own, Cancellation));
    }

    private static void SkipUnlessTool(string package)
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(packages, package)), $"{package} is not installed; ./test.sh --prepare installs it.");
    }

    /// <summary>The program of a client, with the document of this server.</summary>
    private static async Task<TempFolder> CopyAsync(ServedGateway gateway, string client)
    {
        var folder = new TempFolder();
        var own = folder.Folder(client);
        foreach (var file in Directory.EnumerateFiles(Sources)) File.Copy(file, folder.File(Path.GetFileName(file)));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Sources, client)))
        {
            File.Copy(file, Path.Combine(own, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(
            folder.File("openapi.json"), await gateway.Http.GetStringAsync("/openapi.json", Cancellation), Cancellation);
        return folder;
    }

    /// <summary>Runs a tool of the repository's manifest.</summary>
    private static Task<string> ToolAsync(params IEnumerable<string> command) =>
        ProgramRun.OutputAsync(["dotnet", .. command], Repository.Folder, Cancellation);

    private static async Task RunAsync(TempFolder folder, string client)
    {
        var own = folder.Folder(client);
        await ProgramRun.OutputAsync(
            [
                "dotnet", "build", "--configuration", "Release", "--output", "out", "-nodeReuse:false",
                "-property:UseSharedCompilation=false",
            ],
            own,
            Cancellation);
        Check(await ProgramRun.OutputAsync(["dotnet", $"out/{client}.dll"], own, Cancellation));
    }

    /// <summary>A program writes what it did, line by line, and ends at the first thing that is wrong.</summary>
    private static void Check(string output)
    {
        foreach (var done in (string[])["submit", "wait", "submit and wait", "list", "read", "refusal"])
        {
            Assert.Contains(done, output.Split('\n').Select(line => line.Trim()));
        }
    }
}
