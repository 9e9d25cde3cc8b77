using Azure.Core;

namespace Ungroup.Ledger.Table;

/// <summary>Turns an identity that cannot be had into a ledger that is away, whichever library was asked for it.</summary>
internal sealed class LedgerCredential(TokenCredential identity) : TokenCredential
{
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return await identity.GetTokenAsync(requestContext, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw Unavailable(error);
        }
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return identity.GetToken(requestContext, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw Unavailable(error);
        }
    }

    private static LedgerUnavailableException Unavailable(Exception error) => new(
        $"The ledger cannot be used: this process has no identity that Azure accepts ({error.Message.Split('\n')[0].Trim()}); "
        + $"expected a managed identity or a login, or a connection string instead ({TableOpening.EndpointSetting}, Ledger:ConnectionString).",
        error);
}
