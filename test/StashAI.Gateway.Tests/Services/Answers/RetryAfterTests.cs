using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using StashAI.Adapters.Http;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>The spellings of <c>Retry-After</c>, all of which ask for 40 seconds.</summary>
public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 6, 3, 26, 10, TimeSpan.Zero);

    public static TheoryData<string> Spellings { get; } =
    [
        "40", " 40 ", "40s", "39.999999999", "\"40\"", "'40'", "40;x=1", "30, 40", "40,10",
        .. ((string[])
        [
            "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "ddd, dd MMM yyyy HH:mm:ss 'UTC'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
            "ddd MMM  d HH:mm:ss yyyy", "ddd MMM d HH:mm:ss yyyy", "yyyy-MM-dd'T'HH:mm:ss'Z'", "ddd, dd MMM yyyy HH:mm:ss '+0000'",
        ]).Select(format => Now.AddSeconds(40).ToString(format, CultureInfo.InvariantCulture)),
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Every_spelling_is_read(string text)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", text);

        Assert.Equal(40, Math.Round(RetryAfter.Of(response.Headers, new FakeTimeProvider(Now))!.Value.TotalSeconds));
    }
}
