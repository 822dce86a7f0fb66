using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StashAI.Gateway.Submit.Direct;

namespace StashAI.Gateway.Tests.Routes.Direct;

public sealed class DirectSettingsTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData("true", "false", false)]
    [InlineData("", " ", false)]
    [InlineData("false", null, true)]
    [InlineData("0", "false", true)]
    [InlineData(null, "True", true)]
    [InlineData("true", "1", true)]
    [InlineData("FALSE", "TRUE", true)]
    [InlineData("no", null, true)]
    [InlineData("on", "yes", true)]
    public void Either_variable_alone_asks_for_direct_mode(string? queueEnabled, string? directMode, bool isOn)
    {
        var settings = DirectSettings.From(With(("QUEUE_ENABLED", queueEnabled), ("DIRECT_MODE", directMode)));

        Assert.Equal((isOn, isOn ? "direct" : "queue", 64), (settings.IsOn, settings.Mode, settings.MaxItems));
    }

    [Theory]
    [InlineData("QUEUE_ENABLED", "maybe")]
    [InlineData("DIRECT_MODE", "yes please")]
    [InlineData("DIRECT_MAX_ITEMS", "0")]
    [InlineData("DIRECT_MAX_ITEMS", "1001")]
    [InlineData("DIRECT_MAX_ITEMS", "many")]
    public void What_cannot_be_is_refused_in_one_sentence(string setting, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => DirectSettings.From(With((setting, value))));

        Assert.StartsWith(setting, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration With(params IEnumerable<(string Name, string? Value)> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => one.Name, one => one.Value)).Build();
}
