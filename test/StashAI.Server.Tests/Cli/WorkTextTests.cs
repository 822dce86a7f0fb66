using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Cli.Work;
using StashAI.Server.Exits;

namespace StashAI.Server.Tests.Cli;

/// <summary>How commands for work read and write times, ids, parts of results and progress.</summary>
public sealed class WorkTextTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 20, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2h", 1, "2030-01-31T22:00:00Z")]
    [InlineData("90s", -1, "2030-01-31T19:58:30Z")]
    [InlineData("22:00", 1, "2030-01-31T22:00:00Z")]
    [InlineData("19:00", 1, "2030-02-01T19:00:00Z")]
    [InlineData("22:00", -1, "2030-01-30T22:00:00Z")]
    [InlineData("2030-02-01T08:30", 1, "2030-02-01T08:30:00Z")]
    [InlineData("2030-02-01T08:30+02:00", 1, "2030-02-01T06:30:00Z")]
    [InlineData("2030-02-01", 1, "2030-02-01T00:00:00Z")]
    public void A_time_is_read_as_people_write_it(string text, int direction, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected), Words.Time(text, "--at", direction, new FakeTimeProvider(Now)));

    [Theory]
    [InlineData("soon")]
    [InlineData("25:00")]
    [InlineData("2x")]
    [InlineData("")]
    public void What_is_no_time_is_refused(string text) =>
        Assert.Throws<UsageException>(() => Words.Time(text, "--at", 1, new FakeTimeProvider(Now)));

    [Fact]
    public void Ids_are_shortened_so_that_each_is_clear()
    {
        var one = Guid.Parse("0199f0a2-7d1c-7c4e-9b1d-2a6f41000000");
        var same = Guid.Parse("0199f0a2-7d1d-7c4e-9b1d-2a6f41000000");
        var late = Guid.Parse("0199f0a3-7d1d-7c4e-9b1d-2a6f41000000");
        var near = Guid.Parse("0199f0a2-7d1c-7c4e-9b1d-2a6f42000000");

        Assert.Equal("0199f0a2", Words.Shorten([one, late])(one));
        Assert.Equal("0199f0a2-7d1c", Words.Shorten([one, same, late])(one));
        Assert.Equal(one.ToString(), Words.Shorten([one, near])(one));
    }

    [Theory]
    [InlineData("/text", "\"a\"", "a")]
    [InlineData("/list/1", "2", "2")]
    [InlineData("/people/*/name", """["Ann","Bob"]""", "Ann; Bob")]
    [InlineData("/a~1b", "true", "true")]
    [InlineData("/absent/deep", "null", "")]
    [InlineData("/absent/*/name", "[]", "")]
    public void A_part_of_a_result_is_found(string path, string json, string text)
    {
        var result = JsonSerializer.Deserialize<JsonElement>(
            """{"text":"a","list":[1,2],"people":[{"name":"Ann"},{"name":"Bob"},{}],"a/b":true}""");

        Assert.Equal(json, JsonLines.Text(Pointer.Parse(path).Select(result)));
        Assert.Equal(text, Pointer.Parse("part=" + path).Text(result));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("@sum", "'@sum")]
    [InlineData("-1.5", "-1.5")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    public async Task A_cell_is_quoted_and_is_no_formula(string value, string cell)
    {
        var output = new StringWriter { NewLine = "\n" };
        await using (var csv = new CsvResults(output, [Pointer.Parse("/v")]))
        {
            var json = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["v"] = value });
            await csv.WriteAsync(new TaskResult { State = TaskState.Completed, Output = json }, TestContext.Current.CancellationToken);
        }

        Assert.Equal($"index,item,state,error,v\n0,,completed,,{cell}\n", output.ToString());
    }

    [Fact]
    public void A_terminal_gets_lines_that_are_drawn_again_and_no_control_characters_of_others()
    {
        var (plain, terminal) = (new StringWriter(), new StringWriter());
        var lines = new ProgressLines(plain, terminal);

        lines.Show([("a", "one \e[31m", 0), ("b", "two", 0)]);
        lines.Show([("a", "one more", 0)]);
        lines.Clear();

        Assert.Empty(plain.ToString());
        Assert.DoesNotContain("\e[31m", terminal.ToString(), StringComparison.Ordinal);
        Assert.Contains("two\n\e[2A\e[Jone more\n\e[1A\e[J", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_each_step_is_a_line()
    {
        var plain = new StringWriter { NewLine = "\n" };
        var lines = new ProgressLines(plain, null);

        lines.Show([("a", "1%", 0)]);
        lines.Show([("a", "2%", 0)]);
        lines.Show([("a", "11%", 1)]);
        lines.Clear();

        Assert.Equal("1%\n11%\n", plain.ToString());
    }
}
