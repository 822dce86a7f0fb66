using CsCheck;
using StashAI.Hosting.Settings;
using StashAI.Server.Hosting;

namespace StashAI.Server.Tests.Settings;

/// <summary>Every declared setting, with values that people and programs may give it.</summary>
public sealed class SettingsReaderTests
{
    private static readonly string[] Odd =
    [
        "maybe", "-1", "0", "1e400", "NaN", "Infinity", "0x10", "1,5", "99999999999999999999", "٣", "\u0000", "a\nb", "\u001b[31m", "☃",
        "😀", "http://", "://", "*", "null", ",", ";", "true", "lan", "never", "none", "auto", "postgres://u:p@h/d", "http://127.0.0.1:1",
        "127.0.0.1", "10.0.0.0/99", "/nowhere/at/all", "/", "'", "\"", "{0}",
    ];

    private static readonly Gen<string> OddText = Gen.Int[0, Odd.Length - 1].Select(at => Odd[at]);

    public static TheoryData<string> Names => [.. SettingsCatalog.All.Select(setting => $"{setting.Name} {setting.Flag}".Trim())];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_is_read_or_named_in_one_sentence(string name)
    {
        var setting = SettingsCatalog.All.First(one => $"{one.Name} {one.Flag}".Trim() == name);

        Gen.OneOf(OddText, Gen.String[0, 30], OddText.SelectMany(one => OddText.Select(other => one + other)))
            .Sample(
                text =>
                {
                    var reader = new SettingsReader(
                        variable => setting.Variables.Contains(variable) ? text : null,
                        flag => setting.Variables.Count == 0 && flag == setting.Flag ? text : null);
                    var shown = reader.Check(setting);

                    if (text.Trim().Length == 0 && setting.Variables.Count > 0)
                    {
                        Assert.Null(shown);
                        Assert.Empty(reader.Problems);
                        return;
                    }

                    if (shown is not null)
                    {
                        Assert.Empty(reader.Problems);
                        if (setting.IsSecret && text.Trim().Length > 4) Assert.NotEqual(text.Trim(), shown.Value.Text);
                        return;
                    }

                    var problem = Assert.Single(reader.Problems);
                    Assert.StartsWith(setting.Name + " ", problem, StringComparison.Ordinal);
                    Assert.EndsWith(".", problem, StringComparison.Ordinal);
                    Assert.DoesNotContain(problem, char.IsControl);
                    Assert.True(problem.Length < 600, problem);
                },
                iter: 300, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_setting_is_declared_whole(string name)
    {
        var setting = SettingsCatalog.All.First(one => $"{one.Name} {one.Flag}".Trim() == name);

        Assert.NotEmpty(setting.Meaning);
        Assert.NotEmpty(setting.DefaultText);
        Assert.NotEmpty(setting.Values);
        Assert.NotEmpty(setting.Commands);
        Assert.DoesNotContain('|', setting.Meaning + setting.DefaultText + setting.Values);
    }

    [Fact]
    public void Two_variables_of_one_setting_may_not_differ()
    {
        var settings = SettingsCatalog.All.Where(setting => setting.Variables.Count > 1).ToList();
        Assert.NotEmpty(settings);
        foreach (var setting in settings)
        {
            var (first, second) = (setting.Variables[0], setting.Variables[1]);
            var reader = new SettingsReader(name => name == first ? "http://127.0.0.1:1" : name == second ? "http://127.0.0.1:2" : null);
            reader.Check(setting);
            Assert.Equal(
                [$"{second} has another value than {first}, and they are one setting; set only one of them."], reader.Problems);

            reader = new SettingsReader(name => name == first || name == second ? "http://127.0.0.1:1" : null);
            reader.Check(setting);
            Assert.Empty(reader.Problems);
        }
    }

    [Fact]
    public void A_variable_is_declared_once()
    {
        var names = SettingsCatalog.All.SelectMany(setting => setting.Variables).ToList();

        Assert.Equal(names.Distinct(), names);
    }

    [Theory]
    [InlineData("TRUE", true)]
    [InlineData("yes", true)]
    [InlineData("On", true)]
    [InlineData("1", true)]
    [InlineData("False", false)]
    [InlineData("no", false)]
    [InlineData("OFF", false)]
    [InlineData("0", false)]
    public void Every_flag_takes_the_same_words(string word, bool value)
    {
        var flags = SettingsCatalog.All.OfType<Setting<bool>>().ToList();

        Assert.True(flags.Count >= 5);
        Assert.All(flags, flag => Assert.Equal(value, new SettingsReader(_ => $" {word} ").Read(flag)));
    }
}
