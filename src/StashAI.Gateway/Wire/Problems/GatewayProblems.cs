using StashAI.Gateway.Settings;
using StashAI.Sdk;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>The problems that only the gateway has.</summary>
internal static class GatewayProblems
{
    extension(Problem)
    {
        public static Problem DatabaseUnavailable() => Problem.Unavailable(
            "The queue's database cannot do this at the moment, and nothing of the request was taken: try again later. "
            + "The server goes on by itself when it can.");

        public static Problem DatabaseDamaged() => Problem.Unavailable(
            "The queue's database is damaged or has another schema, so that this cannot be done: "
            + "GET /health says what an operator can do about it.");

        public static Problem DiskFull() =>
            new(
                "disk-full",
                StatusCodes.Status507InsufficientStorage,
                "The server's disk is full",
                "The queue has no room on its disk, and nothing of the request was taken: "
                + "free room on the server, and try again. It goes on by itself.")
            {
                RetryAfterSeconds = 30,
            };

        /// <summary>Another request has the same idempotency key at the moment.</summary>
        public static Problem KeyUnderWay(string header) =>
            Problem.Conflict($"A request with this {header} is under way; its answer can be had by sending it again later.") with
            {
                RetryAfterSeconds = 1,
            };

        public static Problem From(IntakeException error) => error.Status switch
        {
            StatusCodes.Status413PayloadTooLarge => Problem.TooLarge(error.Message, error.Setting ?? "") with
            {
                Errors = ProblemError.At(error.Field, error.Reason, error.Item),
            },
            StatusCodes.Status422UnprocessableEntity =>
                Problem.Invalid(error.Message) with { Errors = ProblemError.At(error.Field, error.Reason, error.Item) },
            _ => Problem.BadRequest(error.Message) with { Errors = ProblemError.At(error.Field, error.Reason, error.Item) },
        };

        public static Problem From(OutboundRefusedException error) =>
            new("upstream-refused", StatusCodes.Status422UnprocessableEntity, "The address may not be called", error.Message)
            {
                Setting = error.Setting,
                Errors = ProblemError.At(error.Field, error.Message),
            };

        public static Problem From(BadHttpRequestException error) => Problem.FromRefusal(error, IntakeLimits.MaxBodyBytesSetting);
    }
}
