using StashAI.Queue.Store;
using StashAI.Storage;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>Recognizes errors that mean that the database cannot store anything at the moment.</summary>
internal static class StoreFailure
{
    public static bool Is(Exception error) => error is UploadLostException || StoreTroubles.Of(error) != StoreTrouble.None;
}
