using System.Diagnostics;
using System.Globalization;

namespace StashAI.Visage.Tests.Video;

/// <summary>An ffmpeg and an ffprobe that say what a test wants. A run makes a folder named after its process id.</summary>
internal sealed class FakePrograms : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FileSystemWatcher watcher;
    private readonly TaskCompletionSource<int> started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="script">What ffmpeg does in place of reading a video.</param>
    public FakePrograms(string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs of this test are scripts of a shell.");
        watcher = new FileSystemWatcher(folder.Path) { NotifyFilter = NotifyFilters.DirectoryName };
        watcher.Created += (_, change) =>
        {
            if (int.TryParse(change.Name, CultureInfo.InvariantCulture, out var id)) started.TrySetResult(id);
        };
        watcher.EnableRaisingEvents = true;
        Write("ffmpeg", $"[ \"$1\" = -version ] && echo 'ffmpeg version 7.1' && exit\nmkdir \"${{0%/*}}/$$\"\n{script}");
        Write(
            "ffprobe",
            """
            cat <<'END'
            {"streams":[{"index":0,"codec_name":"h264","width":64,"height":48}],"format":{"duration":"10"}}
            END
            """);
    }

    public string Folder => folder.Path;

    public string Ffmpeg => folder["ffmpeg"];

    /// <summary>Waits for a run, which must go on meanwhile.</summary>
    public async Task<Process> RunAsync() => Process.GetProcessById(await StartedAsync());

    /// <summary>Waits for the start of a run, and returns its process id.</summary>
    public Task<int> StartedAsync() => started.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        watcher.Dispose();
        folder.Dispose();
    }

    private void Write(string name, string script)
    {
        File.WriteAllText(folder[name], $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
