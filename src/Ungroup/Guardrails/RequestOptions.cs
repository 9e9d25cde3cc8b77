namespace Ungroup.Guardrails;

/// <summary>Section <c>Requests</c>: which requests are taken, and from where.</summary>
internal sealed class RequestOptions
{
    public const string Section = "Requests";

    /// <summary>Whether a restore may come by a queue, or by <c>POST /api/restores</c> alone. Default: true.</summary>
    public bool RestoreFromQueue { get; set; } = true;
}
