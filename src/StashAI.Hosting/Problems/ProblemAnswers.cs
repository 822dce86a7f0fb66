namespace StashAI.Hosting.Problems;

/// <summary>
/// Every error answer of a program is a <see cref="Problem"/>: exceptions by its exception handlers, and bare error statuses here.
/// </summary>
public static class ProblemAnswers
{
    /// <summary>
    /// Stands before all that may fail. What no <see cref="Microsoft.AspNetCore.Diagnostics.IExceptionHandler"/> takes becomes a 500.
    /// </summary>
    /// <param name="ofStatus">Describes a bare status; <see cref="Problem.FromStatus"/> where nothing is given.</param>
    public static void UseProblems(this IApplicationBuilder app, Func<int, Problem>? ofStatus = null)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            AllowStatusCode404Response = true,
            ExceptionHandler = context => Problem.Unexpected().ExecuteAsync(context),
        });
        app.UseStatusCodePages(
            pages => (ofStatus ?? Problem.FromStatus)(pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext));
    }
}
