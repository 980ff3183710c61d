"""Texts of the libraries that our pages show, and plainer ones in their place; here the catalogue's tool finds them."""

from app.domain.messages import N_

WTFORMS = (
    N_("This field is required."),
    N_("Not a valid choice."),
    N_("Not a valid integer value."),
    N_("Not a valid date value."),
    N_("Invalid input."),
    N_("Number must be between %(min)s and %(max)s."),
)

# Name of a message of Flask-Security -> what our pages say instead, and how it is shown.
FLASK_SECURITY = {
    "API_ERROR": (N_("This step was not understood. Start it again."), "error"),
    "DISABLED_ACCOUNT": (N_("This account is disabled. Ask the administrator."), "error"),
    "EMAIL_NOT_PROVIDED": (N_("Enter your e-mail address."), "error"),
    "GENERIC_AUTHN_FAILED": (N_("The e-mail address or the password is wrong."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("Enter an e-mail address such as ten@example.vn."), "error"),
    "INVALID_PASSWORD": (N_("The password is wrong."), "error"),
    "INVALID_RECOVERY_CODE": (N_("This recovery code is wrong, or has been used."), "error"),
    "NO_RECOVERY_CODES_SETUP": (N_("There are no recovery codes yet."), "info"),
    "PASSWORD_CHANGE": (
        N_("Your password was changed. On other devices you have to sign in again."),
        "success",
    ),
    "PASSWORD_IS_THE_SAME": (N_("The new password must differ from the present one."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Enter the password."), "error"),
    "REAUTHENTICATION_REQUIRED": (N_("To go on, please type your password again."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you. You can go on."), "success"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords differ. Type the same one twice."), "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (N_("The second factor is set up."), "success"),
    "TWO_FACTOR_DISABLED": (N_("The second factor is turned off."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (
        N_("This code is wrong, or its 30 seconds are over. Type the next one."),
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (N_("Choose what to do."), "error"),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Please sign in again, from the beginning."), "info"),
    "TWO_FACTOR_SETUP_EXPIRED": (N_("Setting up took longer than %(within)s. Please start again."), "error"),
    "USER_DOES_NOT_EXIST": (N_("The e-mail address or the password is wrong."), "error"),
}
