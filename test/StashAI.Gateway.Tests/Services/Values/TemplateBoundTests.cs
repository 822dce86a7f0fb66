using StashAI.Adapters.Http.Reading;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>What a template may take: steps, characters, lists.</summary>
public sealed class TemplateBoundTests
{
    /// <summary>Templates that go too far whatever the item is, each in its own way.</summary>
    public static TheoryData<string> Hopeless { get; } =
    [
        "{% for i in (1..1000000000) %}x{% endfor %}",
        "{% for i in (1..5000000000000) %}x{% endfor %}",
        "{% for i in (1..10000) %}{% for j in (1..10000) %}{% endfor %}{% endfor %}",
        "{% assign n = 100000000 %}{% for i in (1..n) %}{% endfor %}",
        "{% assign a = 'x' %}{% for i in (1..64) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
        "{% assign a = 'x' %}{% for i in (1..64) %}{% assign a = a | append: a %}{% endfor %}",
        "{% assign a = 'x' %}{% for i in (1..64) %}{% assign a = a | prepend: a %}{% endfor %}",
        "{% assign a = 'xx' %}{% for i in (1..64) %}{% assign a = a | replace: 'x', a %}{% endfor %}",
        "{% assign a = 'x,x' | split: ',' %}{% for i in (1..64) %}{% assign a = a | concat: a %}{% endfor %}",
        "{% assign a = 'x,x' %}{% for i in (1..64) %}{% assign a = a | split: ',' | join: ',,' %}{% endfor %}",
        "{% assign a = '&' %}{% for i in (1..64) %}{% assign a = a | escape %}{% endfor %}{% assign a = a | append: a | append: a %}{% for "
        + "i in (1..64) %}{% assign a = a | append: a | url_encode %}{% endfor %}",
        "{% assign a = '\"' %}{% for i in (1..64) %}{% assign a = a | json %}{% endfor %}",
        "{% capture t %}" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        + "{% endcapture %}{% for i in (1..90000) %}{% for j in (1..9) %}{{ t }}{{ t }}{{ t }}{{ t }}{{ t }}{% endfor %}{% endfor %}",
        "{% assign a = 'x' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% cycle a, a %}{% endfor %}",
    ];

    [Theory]
    [MemberData(nameof(Hopeless))]
    public void A_template_that_goes_too_far_with_any_item_is_refused_at_the_check(string template)
    {
        var result = DeclarationReader.Read(Declaration(template), "far.yaml");

        Assert.Null(result.Declaration);
        Assert.Equal(6, Assert.Single(result.Errors).Line);
    }

    [Theory]
    [InlineData("%Y-%m-%d", true)]
    [InlineData("%10N", true)]
    [InlineData("%900000000d", false)]
    [InlineData("%-^0999999999Y", false)]
    public void A_date_is_not_as_wide_as_a_format_says(string format, bool isFine)
    {
        var scope = new TemplateScope(new FieldSchema { Type = FieldType.Text }, new FieldSchema { Type = FieldType.Record });
        var template = TextTemplate.Compile("{{ 'now' | date: item }}", scope);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Record.Exception(() => template.Render(Items.Text(scope, format)));

        Assert.Equal(isFine, error is null);
        Assert.True(error is null or RenderException, $"{error}");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_loop_that_writes_nothing_ends_in_time_too()
    {
        var scope = new TemplateScope(new FieldSchema { Type = FieldType.Text }, new FieldSchema { Type = FieldType.Record });
        var template = TextTemplate.Compile("{% for i in (1..99999) %}{% if item contains 'zzzz' %}1{% endif %}{% endfor %}", scope);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var error = Record.Exception(() => template.Render(Items.Text(scope, string.Concat(Enumerable.Repeat("<a&b", 2_000_000)))));

        Assert.True(error is null or RenderException { IsLimit: true }, $"{error}");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    /// <summary>Templates that are fine with short items.</summary>
    public static TheoryData<string> Hungry { get; } =
    [
        "{% assign n = item.size %}{% for i in (1..n) %}{% for j in (1..n) %}{% endfor %}{% endfor %}",
        "{{ item | replace: 'x', item }}",
        "{{ item | split: '' | join: item }}",
        "{% assign a = item %}{% for i in (1..item.size) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
        "{% for i in (1..item.size) %}{% for j in (1..9) %}{{ item }}{% endfor %}{% endfor %}",
    ];

    [Theory]
    [MemberData(nameof(Hungry))]
    public void A_template_that_goes_too_far_with_a_long_item_says_where(string text)
    {
        var scope = new TemplateScope(new FieldSchema { Type = FieldType.Text }, new FieldSchema { Type = FieldType.Record });
        var template = TextTemplate.Compile(text, scope, OutputForm.Text, "far.yaml:6:20 (operations.go.request.form.q)");

        var error = Assert.Throws<RenderException>(() => template.Render(Items.Text(scope, new string('x', 20_000))));

        Assert.True(error.IsLimit);
        Assert.StartsWith("far.yaml:6:20 (operations.go.request.form.q): ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_item_is_not_too_much_for_a_template_that_writes_it_once()
    {
        var scope = new TemplateScope(new FieldSchema { Type = FieldType.Text }, new FieldSchema { Type = FieldType.Record });
        var item = new string('x', 16 << 20);

        Assert.Equal(item.Length + 4, TextTemplate.Compile("a {{ item }} b", scope).Render(Items.Text(scope, item)).Length);
    }

    [Fact]
    public void Blocks_are_nested_only_so_deep()
    {
        var deep = string.Concat(Enumerable.Repeat("{% if item %}", 5000)) + string.Concat(Enumerable.Repeat("{% endif %}", 5000));

        Assert.Contains("at most", Assert.Single(DeclarationReader.Read(Declaration(deep)).Errors).Message, StringComparison.Ordinal);
        Assert.NotEmpty(DeclarationReader.Read(Declaration("{{ item" + new string('[', 3000) + new string(']', 3000) + " }}")).Errors);
    }

    private static string Declaration(string template) =>
        "name: far\nurl: http://x\noperations:\n  go:\n    item: string\n"
        + $"    request: {{path: /x, form: {{q: '{template.Replace("'", "''", StringComparison.Ordinal)}'}}}}";
}
