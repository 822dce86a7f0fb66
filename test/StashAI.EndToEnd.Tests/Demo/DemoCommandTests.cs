using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using StashAI.Server.Demo;
using StashAI.Server.Hosting;
using StashAI.Server.Options;
using StashAI.Server.Processes;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Demo;

/// <summary>The real command as a process: models and photos are copied beforehand, and npm is out of reach.</summary>
public sealed class DemoCommandTests(RealFiles files) : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_demo_ends_well_without_a_network_and_leaves_a_report()
    {
        await using var demo = Launch();

        var code = await demo.WaitForExitAsync(Cancellation);

        Assert.True(code == 0, string.Join('\n', demo.StandardOutput.Concat(demo.StandardError)));
        Assert.Contains(demo.StandardOutput, line => line.Contains("5 of 5 photos", StringComparison.Ordinal));
        Assert.Contains(
            demo.StandardOutput,
            line => line.Contains("sample3.jpg", StringComparison.Ordinal) && line.Contains("Robin", StringComparison.Ordinal));
        Assert.Equal(5 + 1, (await File.ReadAllTextAsync(folder.File("data", "demo", "report.html"), Cancellation)).Split("<svg").Length);
        Assert.Empty(Directory.GetDirectories(folder.File("data", "demo"), "run-*"));
        Assert.Contains("http://127.0.0.1:9998/dashboard", demo.StandardOutput[^1], StringComparison.Ordinal);
        // Its output is no terminal, whatever TERM says.
        Assert.DoesNotContain(demo.StandardOutput, line => line.Contains('\x1b', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Own_photos_of_own_people_are_looked_at_and_bad_files_are_named()
    {
        files.SkipIfMissing();
        var photos = folder.Folder("photos");
        File.Copy(Path.Combine(files.PhotosDirectory, "sample3.jpg"), Path.Combine(photos, "evening.jpg"));
        await File.WriteAllTextAsync(Path.Combine(photos, "list.txt"), "milk", Cancellation);
        var person = folder.Folder("people", "Kim");
        File.Copy(Path.Combine(files.PhotosDirectory, "sample1.jpg"), Path.Combine(person, "group.jpg"));
        await File.WriteAllBytesAsync(Path.Combine(person, "alone.jpg"), Alone(), Cancellation);
        await using var demo = Launch("--photos", photos, "--people", folder.File("people"));

        var code = await demo.WaitForExitAsync(Cancellation);

        var said = string.Join('\n', demo.StandardOutput.Concat(demo.StandardError));
        Assert.True(code == 0, said);
        Assert.Contains("left out list.txt: not a readable picture", said, StringComparison.Ordinal);
        Assert.Contains("group.jpg: it shows 3 faces; use a photo of only this person", said, StringComparison.Ordinal);
        Assert.Contains(
            demo.StandardOutput,
            line => line.Contains("evening.jpg", StringComparison.Ordinal) && line.Contains("Kim", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keep_leaves_the_server_running_and_a_kill_of_the_demo_takes_everything_with_it()
    {
        await using var demo = Launch("--keep");
        var line = await demo.WaitForLineAsync(text => text.Contains("keeps running at", StringComparison.Ordinal), Cancellation);
        var ready = demo.StandardOutput.First(text => text.Contains("face service at", StringComparison.Ordinal));
        Uri[] addresses =
            [AddressIn(line), AddressIn(ready), AddressIn(ready[(ready.IndexOf("face service", StringComparison.Ordinal))..])];
        using var http = new HttpClient();
        Assert.Contains($"{addresses[0].GetLeftPart(UriPartial.Authority)}/dashboard/jobs/", line, StringComparison.Ordinal);
        foreach (var address in addresses)
        {
            Assert.Contains("healthy", await http.GetStringAsync(new Uri(address, "/health"), Cancellation), StringComparison.Ordinal);
        }

        await demo.KillAsync();

        foreach (var address in addresses)
        {
            await GoneAsync(http, address);
        }
    }

    [Fact]
    public async Task Keep_opens_the_page_of_its_job_whose_items_have_the_names_of_their_files()
    {
        files.SkipIfMissing();
        Copy(files.PhotosDirectory, folder.Folder("data", "demo", "photos"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var opened = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var console = new StringWriter();
        var demo = new DemoCommand(
            new DemoTerminal(AnsiConsole.Create(new TerminalOutput(console).Settings)), RealVisage.Program,
            TimeProvider.System).RunAsync(
                new DemoOptions
                {
                    DataDirectory = folder.File("data"),
                    ModelsDirectory = files.ModelsDirectory,
                    Workers = 2,
                    Keep = true,
                    LogLevel = LogLevel.Information,
                    OpenPage = opened.TrySetResult,
                },
                stop.Token);

        var page = await await Task.WhenAny(opened.Task, FailedAsync(demo));

        using var http = new HttpClient();
        var id = page.Segments[^1];
        Assert.Equal($"/dashboard/jobs/{id}", page.AbsolutePath);
        var names = new[] { "sample2.jpg", "sample3.jpg", "sample4.jpg", "sample5.jpg", "sample6.jpg" };
        using var job = JsonDocument.Parse(await http.GetStringAsync(new Uri(page, $"/api/queue/job/{id}"), Cancellation));
        Assert.Equal(
            names, job.RootElement.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("item_name").GetString()));
        var export = await http.GetStringAsync(new Uri(page, $"/api/jobs/{id}/results?format=csv"), Cancellation);
        Assert.All(names, name => Assert.Contains(name, export, StringComparison.Ordinal));
        await stop.CancelAsync();
        Assert.Equal(0, await demo);

        static async Task<Uri> FailedAsync(Task<int> demo) => throw new InvalidOperationException($"The demo ended with {await demo}.");
    }

    [Fact]
    public async Task A_kill_of_the_server_takes_its_face_service_with_it()
    {
        files.SkipIfMissing();
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ChildProcess.Start(
            RealVisage.Program,
            [
                "serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--models", files.ModelsDirectory, "--visage-port",
                "0",
            ],
            new Dictionary<string, string?>(),
            line =>
            {
                if (VisageChildOutput.ReadyAddress(line) is { } found)
                {
                    ready.TrySetResult(found);
                }
            },
            TimeProvider.System);
        var visage = await ready.Task.WaitAsync(Cancellation);
        using var http = new HttpClient();
        await http.GetStringAsync(new Uri(visage, "/health"), Cancellation);

        Process.GetProcessById(server.Id).Kill();

        await GoneAsync(http, visage);
    }

    private static Uri AddressIn(string line)
    {
        var start = line.IndexOf("http://", StringComparison.Ordinal);
        return new Uri(line[start..].Split(' ', ',', ';')[0]);
    }

    /// <summary>Asks until nobody answers; the test's own time limit is the end of patience.</summary>
    private static async Task GoneAsync(HttpClient http, Uri address)
    {
        try
        {
            while (true)
            {
                await http.GetStringAsync(new Uri(address, "/health"), Cancellation);
            }
        }
        catch (HttpRequestException)
        {
            // Gone.
        }
    }

    private StashAIProcess Launch(params string[] arguments)
    {
        files.SkipIfMissing();
        Copy(files.PhotosDirectory, folder.Folder("data", "demo", "photos"));
        return StashAIProcess.Launch(new StashAIProcessOptions
        {
            Arguments = ["demo", "--data", folder.File("data"), "--models", files.ModelsDirectory, .. arguments],
            Folder = folder.Path,
            Environment = new Dictionary<string, string?> { ["PATH"] = "/nowhere", ["TERM"] = "xterm-256color" },
        });
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    /// <summary>The part of the first sample photo that shows one person only.</summary>
    private byte[] Alone()
    {
        var photo = StashAI.Server.Demo.PhotoFile.Inspect(Path.Combine(files.PhotosDirectory, "sample1.jpg"), "sample1.jpg").Photo!;
        return StashAI.Server.Demo.PhotoFile.RenderJpeg(photo, 700, new SkiaSharp.SKRectI(1230, 0, 1920, 690))!;
    }
}
