using System.Collections.Frozen;
using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Pages.Dashboard;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Wire.Links;

namespace StashAI.Gateway.Tests.Pages;

/// <summary>The dashboard's page and files. What the page does is shown by tests in a browser.</summary>
public sealed partial class DashboardPageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Browser, true)]
    [InlineData("text/html", true)]
    [InlineData("Text/HTML;q=0.5", true)]
    [InlineData("application/json;q=0.5, text/html", true)]
    [InlineData("text/html;q=0", false)]
    [InlineData("text/html;q=0.5, application/json", false)]
    [InlineData("*/*", false)]
    [InlineData("text/*", false)]
    [InlineData("application/json", false)]
    [InlineData("rubbish", false)]
    [InlineData(null, false)]
    public async Task The_root_is_a_page_only_for_who_names_html(string? accept, bool isPage)
    {
        await using var gateway = await GatewayHost.StartAsync();

        using var answer = await SendAsync(gateway, HttpMethod.Get, "/", ("Accept", accept));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Accept", answer.Headers.Vary);
        Assert.Equal(isPage ? "text/html" : "application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/dashboard")]
    [InlineData("/dashboard/")]
    [InlineData("/dashboard/jobs/0199f0a2-7d1c-7c4e-9b1d-2a6f41000000?tab=tasks")]
    public async Task Every_address_below_the_dashboard_is_the_page_which_browsers_ask_for_again(string path)
    {
        await using var gateway = await GatewayHost.StartAsync();

        using var answer = await SendAsync(gateway, HttpMethod.Get, path);
        using var again = await SendAsync(gateway, HttpMethod.Get, path, ("If-None-Match", answer.Headers.ETag?.ToString()));
        using var head = await SendAsync(gateway, HttpMethod.Head, path);

        Assert.Contains("<base href=\"/\">", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl?.NoCache);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(answer.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_proxy_the_page_names_the_path_that_the_proxy_takes_off()
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["TRUSTED_PROXIES"] = "127.0.0.1" });

        using var answer = await SendAsync(
            gateway, HttpMethod.Get, "/dashboard/jobs", ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Prefix", "/st\"a<sh"),
            ("X-Forwarded-Host", "localhost"));
        using var plain = await SendAsync(
            gateway, HttpMethod.Get, "/", ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Prefix", "/stashai"),
            ("X-Forwarded-Host", "localhost"), ("Accept", Browser));

        Assert.DoesNotContain("a<sh", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains("<base href=\"/stashai/\">", await plain.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_file_that_the_page_names_is_there_compressed_and_plain_and_may_be_kept_for_good()
    {
        await using var gateway = await GatewayHost.StartAsync();
        SkipUnlessBuilt(gateway);
        using var page = await SendAsync(gateway, HttpMethod.Get, "/dashboard");
        var files = Asset().Matches(await page.Content.ReadAsStringAsync(Cancellation)).Select(match => match.Value).ToList();
        Assert.True(files.Count >= 4, string.Join(' ', files));

        foreach (var file in files)
        {
            using var coded = await SendAsync(gateway, HttpMethod.Get, "/" + file, ("Accept-Encoding", "gzip, br;q=0.9"));
            using var plain = await SendAsync(gateway, HttpMethod.Get, "/" + file, ("Accept-Encoding", "gzip, br;q=0"));
            using var head = await SendAsync(gateway, HttpMethod.Head, "/" + file);
            using var known = await SendAsync(
                gateway, HttpMethod.Get, "/" + file, ("If-None-Match", plain.Headers.ETag!.ToString()));

            Assert.Equal(["br"], coded.Content.Headers.ContentEncoding);
            Assert.Empty(plain.Content.Headers.ContentEncoding);
            Assert.NotEqual(coded.Headers.ETag, plain.Headers.ETag);
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
            Assert.Equal(plain.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
            Assert.Contains("immutable", plain.Headers.CacheControl!.Extensions.Select(one => one.Name));
            Assert.Contains("Accept-Encoding", coded.Headers.Vary);
            await using var bytes = await coded.Content.ReadAsStreamAsync(Cancellation);
            await using var decoded = new BrotliStream(bytes, CompressionMode.Decompress);
            using var text = new MemoryStream();
            await decoded.CopyToAsync(text, Cancellation);
            Assert.Equal(await plain.Content.ReadAsByteArrayAsync(Cancellation), text.ToArray());
        }
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_found_and_not_the_page()
    {
        await using var gateway = await GatewayHost.StartAsync();

        using var answer = await SendAsync(gateway, HttpMethod.Get, "/dashboard/assets/main-OLD.js", ("Accept", Browser));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_first_page_prepares_the_first_answers_of_the_lists()
    {
        await using var gateway = await GatewayHost.StartAsync();
        SkipUnlessBuilt(gateway);
        var answers = gateway.Services.GetRequiredService<FirstAnswers>();
        Assert.Equal(0, await answers.Prepared);

        using var page = await SendAsync(gateway, HttpMethod.Get, "/", ("Accept", Browser));
        var prepared = answers.Prepared;
        using var again = await SendAsync(gateway, HttpMethod.Get, "/dashboard/jobs");

        Assert.Equal(2, await prepared);
        Assert.Same(prepared, answers.Prepared);
    }

    [Fact]
    public async Task A_build_without_npm_says_how_to_get_the_dashboard()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var page = new DashboardPage(
            new DashboardFiles(null, FrozenDictionary<string, DashboardAsset>.Empty), new PublicUrl(null),
            gateway.Services.GetRequiredService<FirstAnswers>());
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        context.Request.Host = new HostString("localhost");

        await page.WriteAsync(context);

        Assert.False(page.IsBuilt);
        context.Response.Body.Position = 0;
        var text = await new StreamReader(context.Response.Body).ReadToEndAsync(Cancellation);
        Assert.Contains("Node.js 18", text, StringComparison.Ordinal);
        Assert.Contains("'sha256-", context.Response.Headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
    }

    private static void SkipUnlessBuilt(GatewayHost gateway) => Assert.SkipUnless(
        gateway.Services.GetRequiredService<DashboardFiles>().Page is not null, "This build has no dashboard, because npm was missing.");

    private static async Task<HttpResponseMessage> SendAsync(
        GatewayHost gateway, HttpMethod method, string path, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await gateway.Http.SendAsync(request, Cancellation);
    }

    [GeneratedRegex("dashboard/assets/[^\"]+")]
    private static partial Regex Asset();
}
