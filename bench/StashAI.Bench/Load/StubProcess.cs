using System.Diagnostics;
using System.Globalization;

namespace StashAI.Bench.Load;

/// <summary>The service in a process of its own, so that its work is not ours.</summary>
internal sealed class StubProcess : IAsyncDisposable
{
    private readonly Process process;

    private StubProcess(Process process, Uri url)
    {
        this.process = process;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<StubProcess> StartAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "stub", "--delay", ((int)delay.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("The service did not start.");
        return new StubProcess(process, new Uri(line));
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
