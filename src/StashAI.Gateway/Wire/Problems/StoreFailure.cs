using StashAI.Queue.Store;
using StashAI.Storage;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>Tells the errors that mean that the database takes nothing at the moment.</summary>
internal static class StoreFailure
{
    public static bool Is(Exception error) => error is UploadLostException || StoreTroubles.Of(error) != StoreTrouble.None;
}
