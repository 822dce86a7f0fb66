using System.Diagnostics;
using StashAI.Gateway.Tests.Routes;
using StashAI.Sdk;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Services;

/// <summary>A code adapter that was built outside the solution, against the Sdk alone, and dropped into a folder.</summary>
public sealed class PluginTests
{
    private const string Code = """
        using System.Text;
        using StashAI.Sdk;

        namespace Acme;

        public sealed class ReverseAdapter : IServiceAdapter
        {
            public AdapterManifest Manifest { get; } = new()
            {
                Name = "reverse",
                Operations = [new AdapterOperation("turn", "reverse_turn", "reverse_batch_turn"), new AdapterOperation("where", "reverse_where", "reverse_batch_where")],
                Address = new Uri("http://127.0.0.1:9"),
            };

            public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
            {
                if (context.TaskType == "reverse_where")
                    return Task.FromResult<TaskOutcome>(new TaskOutcome.Completed(Encoding.UTF8.GetBytes($"\"{context.Upstream.AbsoluteUri}\""), CallReport.None));
                var text = Encoding.UTF8.GetString(context.Input.Span).Trim('"');
                var turned = new string(text.Reverse().ToArray());
                return Task.FromResult<TaskOutcome>(new TaskOutcome.Completed(Encoding.UTF8.GetBytes($"\"{turned}\""), CallReport.None));
            }
        }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dll_in_the_adapters_folder_is_a_service()
    {
        using var outside = new TempFolder();
        var adapters = outside.Folder("adapters");
        await BuildAsync(outside, adapters);
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ADAPTERS_DIR"] = adapters, ["SERVICES_DIR"] = outside.Folder("services") });

        var answer = await gateway.PostAsync("/api/reverse/batch/turn", """{"items":["stressed","drawer"]}""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal("reverse_batch_turn", job.Text("job_type"));
        Assert.Equal(["desserts", "reward"], job.GetProperty("tasks").EnumerateArray().Select(task => task.Text("output_json")));
        await SeesItsWholeAddressAsync(adapters, "http://127.0.0.1:9/base/?key=1", null, "http://127.0.0.1:9/base/?key=1");
        await SeesItsWholeAddressAsync(
            adapters, "http://127.0.0.1:9/base?key=1", "http://127.0.0.1:9/base?key=1", "http://127.0.0.1:9/base/?key=1");
        await SeesItsWholeAddressAsync(
            adapters, "http://127.0.0.1:9/base?key=1", "http://127.0.0.1:9/base?tenant=7", "http://127.0.0.1:9/base/?key=1&tenant=7");
        foreach (var address in (string[])["127.0.0.1:9", "ftp://127.0.0.1/", "http://ann@127.0.0.1:9/", "http://127.0.0.1:9/#part"])
        {
            await IsRefusedAsync(adapters, address);
        }
    }

    [Fact]
    public async Task A_dll_that_is_a_pipe_holds_nothing_up()
    {
        Assert.SkipUnless(SpecialFiles.CanBeMade, "The kinds of files are those of Linux.");
        using var files = await SpecialFiles.CreateAsync(".dll", Cancellation);
        await using var gateway = await GatewayHost.StartAsync(new() { ["ADAPTERS_DIR"] = Path.GetDirectoryName(files.All[0].Path)! })
            .WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        foreach (var (path, word) in files.All.Where(file => file.Word != "folder"))
        {
            Assert.Contains(
                gateway.Errors.Lines,
                line => line.Contains(path, StringComparison.Ordinal) && line.Contains(word, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_dll_that_is_none_does_not_keep_the_server_from_its_start()
    {
        using var outside = new TempFolder();
        await File.WriteAllTextAsync(outside.File("broken.dll"), "this is no assembly", Cancellation);
        await using var gateway = await GatewayHost.StartAsync(new() { ["ADAPTERS_DIR"] = outside.Path });

        await gateway.GetAsync("/health");

        Assert.Contains(gateway.Errors.Lines, line => line.Contains("broken.dll", StringComparison.Ordinal));
    }

    private static async Task SeesItsWholeAddressAsync(string adapters, string address, string? ofJob, string seen)
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["ADAPTERS_DIR"] = adapters, ["REVERSE_API_URL"] = address });
        var body = ofJob is null ? """{"items":["x"]}""" : $$"""{"items":["x"],"api_url":"{{ofJob}}"}""";
        var answer = await gateway.PostAsync("/api/reverse/batch/where", body);
        Assert.Equal(seen, (await gateway.EndOfAsync(answer.Text("job_id"))).GetProperty("tasks")[0].Text("output_json"));
    }

    private static async Task IsRefusedAsync(string adapters, string address)
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["ADAPTERS_DIR"] = adapters, ["REVERSE_API_URL"] = address });
        await gateway.GetAsync("/api/services/reverse", 404);
        Assert.Contains(gateway.Errors.Lines, line => line.Contains("REVERSE_API_URL must be", StringComparison.Ordinal));
    }

    private static async Task BuildAsync(TempFolder outside, string adapters)
    {
        var source = outside.Folder("source");
        await File.WriteAllTextAsync(Path.Combine(source, "Acme.Reverse.cs"), Code, Cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(source, "Acme.Reverse.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{typeof(IServiceAdapter).Assembly.Location}" Private="false" />
              </ItemGroup>
            </Project>
            """,
            Cancellation);
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            ["build", "-c", "Release", "-o", adapters, "--nologo", "-v", "q", "-nodeReuse:false"])
        {
            WorkingDirectory = source,
            RedirectStandardOutput = true,
        };
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync(Cancellation);
        await build.WaitForExitAsync(Cancellation);
        Assert.True(build.ExitCode == 0, output);
    }
}
