using System.Text.RegularExpressions;
using StashAI.Server.Hosting;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Settings;

/// <summary>`docs/configuration.md` says what the code declares.</summary>
public sealed partial class ConfigurationPageTests
{
    [Fact]
    public void The_page_is_the_one_that_the_code_writes()
    {
        var page = SourceTree.Read("docs/configuration.md");

        Assert.True(
            page == ConfigurationPage.Write(),
            "docs/configuration.md is not what the code declares: stashai config docs > docs/configuration.md writes it again.");
    }

    [Fact]
    public void What_the_deployment_files_set_is_a_setting()
    {
        var text = SourceTree.Read("docker-compose.yml");

        var unknown = Variable().Matches(text).Select(match => match.Groups[1].Value)
            .Where(name => name.StartsWith("VISAGE_", StringComparison.Ordinal) || name.StartsWith("ALLOW", StringComparison.Ordinal)
                || name.EndsWith("_DIR", StringComparison.Ordinal))
            .Except(SettingsCatalog.Variables);

        Assert.Empty(unknown);
    }

    [GeneratedRegex("^ +([A-Z][A-Z_]+):", RegexOptions.Multiline)]
    private static partial Regex Variable();
}
