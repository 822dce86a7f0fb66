using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake.Items;

/// <summary>Counts the items of a body.</summary>
internal sealed class ItemCount
{
    public int Total { get; private set; }

    /// <exception cref="IntakeException">There are too many.</exception>
    public void Add(IntakeLimits limits, PayloadPath path)
    {
        if (++Total > limits.MaxItems)
        {
            throw IntakeException.TooLarge("the body has too many items", IntakeLimits.MaxItemsSetting, limits.MaxItems, path);
        }
    }
}
