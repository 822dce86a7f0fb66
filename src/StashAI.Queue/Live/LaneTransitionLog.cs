using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Live;

/// <summary>Logs one line for each change of a circuit's state that this process makes.</summary>
internal sealed class LaneTransitionLog(ILogger logger) : IQueueListener
{
    public void OnChanged(ChangeSet changes)
    {
        foreach (var lane in changes.Lanes)
        {
            switch (lane.After)
            {
                case CircuitState.Open:
                    Log.CircuitOpened(logger, lane.Service, lane.Authority, lane.Until);
                    break;
                case CircuitState.Closed:
                    Log.CircuitClosed(logger, lane.Service, lane.Authority);
                    break;
                default:
                    Log.CircuitProbed(logger, lane.Service, lane.Authority, lane.Before, lane.After);
                    break;
            }
        }
    }
}
