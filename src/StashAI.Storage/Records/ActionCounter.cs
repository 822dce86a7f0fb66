using StashAI.Queue.Model.Interactions;

namespace StashAI.Storage.Records;

/// <summary>Makes the table of actions from rows of action, part, count, last moment.</summary>
internal sealed class ActionCounter(ActionQuery query)
{
    private readonly Dictionary<string, (int[] Steps, long Last)> actions = new(StringComparer.Ordinal);
    private long counted;

    public void Add(string action, long step, int count, long last)
    {
        counted += count;
        var (steps, before) = actions.TryGetValue(action, out var known) ? known : (new int[query.Steps], long.MinValue);
        steps[Math.Clamp(step, 0, query.Steps - 1)] += count;
        actions[action] = (steps, Math.Max(before, last));
    }

    /// <param name="isCut">True when interactions of the time are older than those that were looked at.</param>
    public ActionTable Table(bool isCut) => new(
        [
            .. actions.Select(one => new ActionCount(
                    one.Key, one.Value.Steps.Sum(), DateTimeOffset.FromUnixTimeMilliseconds(one.Value.Last), one.Value.Steps))
                .OrderByDescending(one => one.Count).ThenBy(one => one.Action, StringComparer.Ordinal),
        ],
        !isCut && counted < query.Most);
}
