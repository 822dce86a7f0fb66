using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(StashAI.EndToEnd.Tests.Browser.Chromium))]

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>
/// Debian's Chromium without a window, one for all tests, started by the first that needs it. Without it they are skipped.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";
    private const float Patience = 60_000;
    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> started = new(StartAsync);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>An empty page with storage of its own.</summary>
    public async Task<BrowserPage> OpenAsync(
        ColorScheme scheme = ColorScheme.Light, int width = 1100, int height = 900, string language = "en-US")
    {
        Assert.SkipUnless(File.Exists(Program), $"needs {Program}; ./test.sh --prepare installs it");
        var (_, browser) = await started.Value;
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            Locale = language,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout(Patience);
        return new BrowserPage(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (!started.IsValueCreated) return;
        var (driver, browser) = await started.Value;
        await browser.DisposeAsync();
        driver.Dispose();
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        // Machines that run tests are busy.
        Assertions.SetDefaultExpectTimeout(Patience);
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            // Chromium refuses its sandbox to root.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox", "--disable-dev-shm-usage"] : ["--disable-dev-shm-usage"],
        });
        return (driver, browser);
    }
}
