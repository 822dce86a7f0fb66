using System.Text;
using Microsoft.Net.Http.Headers;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Names of files that clients keep results in, without what some file system would read as more than a name.</summary>
internal static class ResultFileNames
{
    private const int MaxNameLength = 80;

    /// <summary>Says what a download of results is called: as its job, with the format as its ending.</summary>
    public static void SetOn(HttpResponse response, JobView job, string format)
    {
        var name = Safe(job.Name);
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{(name.Length == 0 ? $"{job.Service}-{job.JobId}" : name)}.{format}");
        response.Headers.ContentDisposition = disposition.ToString();
    }

    /// <summary>Letters, digits and a few signs of a text; anything else becomes a line.</summary>
    public static string Safe(string? text)
    {
        if (text is null) return "";
        var name = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (name.Length >= MaxNameLength) break;
            var isKept = Rune.IsLetterOrDigit(rune) || rune.Value is '.' or '-' or '_' or ' ';
            name.Append(isKept ? rune.ToString() : "_");
        }

        return name.ToString().Trim(' ', '.');
    }
}
