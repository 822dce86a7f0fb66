using StashAI.Gateway.Settings;
using StashAI.Sdk;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>The problems that only the gateway has.</summary>
internal static class GatewayProblems
{
    extension(Problem)
    {
        public static Problem DatabaseUnavailable() => Problem.Unavailable(
            "The queue's database is not available at the moment, and nothing of the request was stored: try again later. "
            + "The server recovers by itself.");

        public static Problem PayloadsUnavailable() => Problem.Unavailable(
            "The place where the server keeps photos and other large parts is not available at the moment, and nothing of the request was "
            + "stored: try again later. The server recovers by itself.");

        public static Problem DatabaseDamaged() => Problem.Unavailable(
            "The queue's database is damaged or has another schema, so the request cannot be processed: "
            + "GET /health says how an operator can fix it.");

        public static Problem DiskFull() =>
            new(
                "disk-full",
                StatusCodes.Status507InsufficientStorage,
                "The server's disk is full",
                "The queue's disk is full, and nothing of the request was stored: free space on the server, and try again. "
                + "The server recovers by itself.")
            {
                RetryAfterSeconds = 30,
            };

        /// <summary>416: the range begins behind the end.</summary>
        public static Problem RangeNotSatisfiable(long total) => new(
            "range-not-satisfiable", StatusCodes.Status416RangeNotSatisfiable, "Range not satisfiable",
            $"There are {total} bytes, and the range begins behind them; leave Range out to get all of them.");

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
