using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ungroup.Intake;

namespace Ungroup.Functions.Http;

/// <summary>Somebody of Entra, as App Service authentication writes him into the header: JSON in base64, unsigned.</summary>
internal sealed class ClientPrincipal
{
    private const int LongestHeader = 64 * 1024;
    private const string Entra = "aad";

    private static readonly string[] Objects = ["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"];
    private static readonly string[] Tenants = ["tid", "http://schemas.microsoft.com/identity/claims/tenantid"];
    private static readonly string[] Subjects = ["sub", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"];
    private static readonly string[] Names = ["preferred_username", "upn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "name"];
    private static readonly string[] RoleClaims = ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];

    private readonly ILookup<string, string> _claims;

    private ClientPrincipal(ILookup<string, string> claims) => _claims = claims;

    /// <summary>The token of an application says so, or is about the application itself.</summary>
    public bool IsPerson => First(["idtyp"]) != "app" && First(Subjects) != First(Objects);

    public IEnumerable<string> Roles => RoleClaims.SelectMany(type => _claims[type]);

    /// <summary>The object of the tenant stays the same for ever; the name is for whoever reads it.</summary>
    public JobCaller Caller => JobCaller.OverHttp.Verified(First(Names) ?? First(Objects)!, $"{First(Tenants)}/{First(Objects)}");

    public static bool TryRead(string header, [NotNullWhen(true)] out ClientPrincipal? principal)
    {
        principal = header.Length <= LongestHeader ? Read(header) : null;
        return principal?.First(Objects) is not null && principal.First(Tenants) is not null;
    }

    private static ClientPrincipal? Read(string header)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(header));
            var root = document.RootElement;
            return root.GetProperty("auth_typ").GetString() == Entra
                ? new(root.GetProperty("claims").EnumerateArray().ToLookup(claim => claim.GetProperty("typ").GetString() ?? "", claim => claim.GetProperty("val").GetString() ?? ""))
                : null;
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private string? First(string[] types) => types.SelectMany(type => _claims[type]).FirstOrDefault(value => value.Length > 0);
}
