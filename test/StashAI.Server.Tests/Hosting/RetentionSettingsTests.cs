using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StashAI.Hosting.Settings;
using StashAI.Queue.Policies;
using StashAI.Queue.Settings;
using StashAI.Server.Hosting;

namespace StashAI.Server.Tests.Hosting;

public sealed class RetentionSettingsTests
{
    [Fact]
    public void Without_settings_jobs_are_kept_as_long_as_is_usual() =>
        Assert.Equal(RetentionPolicy.Default with { Services = RetentionPolicy.Default.Services }, Read().Retention);

    [Fact]
    public void How_long_jobs_are_kept_is_set_in_days()
    {
        var retention = Read(
            ("RETENTION_COMPLETED_DAYS", "7"), ("RETENTION_FAILED_DAYS", "0.5"), ("RETENTION_CANCELLED_DAYS", "never"),
            ("RETENTION_INPUTS_DAYS", "0")).Retention;

        Assert.Equal((TimeSpan.FromDays(7), null, TimeSpan.Zero), (retention.Completed, retention.Cancelled, retention.Inputs));
        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromHours(12)), (retention.Failed, retention.Partial));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("a week")]
    [InlineData("NaN")]
    [InlineData("40000")]
    public void What_is_no_number_of_days_is_refused_in_one_sentence(string text)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(("RETENTION_COMPLETED_DAYS", text)));

        Assert.Contains(
            $"RETENTION_COMPLETED_DAYS must be a number of days from 0 to 36500, or 'never'", error.Message, StringComparison.Ordinal);
    }

    private static StashAI.Queue.Settings.QueueOptions Read(params (string Name, string Value)[] settings) =>
        SettingsReader.Bind(
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(set => set.Name, set => (string?)set.Value)).Build(),
            reader => QueueSettings.Read(reader, 4));
}
