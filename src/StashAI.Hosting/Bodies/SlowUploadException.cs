namespace StashAI.Hosting.Bodies;

/// <summary>A body arrived more slowly than <see cref="UploadPace"/> allows (408).</summary>
public sealed class SlowUploadException(UploadPace pace) : BadHttpRequestException(
    $"The request body arrives too slowly: less than {pace.BytesPerSecond} bytes a second over {pace.Window.TotalSeconds:0} seconds "
    + $"(settings {UploadPace.Setting} and {UploadPace.WindowSetting}). Send the request again over a faster connection.",
    StatusCodes.Status408RequestTimeout);
