using System.Globalization;
using StashAI.Queue.Model.Groupings;

namespace StashAI.Gateway.Routes.Clusters;

/// <summary>
/// The public id of a group: its number, and the operation that made it, so that an id of an earlier grouping never means a group of a
/// later one.
/// </summary>
internal static class GroupId
{
    public static string Of(Grouping grouping, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{grouping.BulkKey}-{number}");

    /// <summary>The number of a group of this grouping; null for any other id.</summary>
    public static int? Read(Grouping grouping, string id) =>
        id.Split('-') is [_, var last] && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && id == Of(grouping, number)
            ? number
            : null;
}
