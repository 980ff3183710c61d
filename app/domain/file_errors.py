"""Why the system refused a file or a folder, said in Vietnamese."""

import errno
from typing import Final

_REASONS: Final = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền truy cập",
    errno.EPERM: "không có quyền truy cập",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EDQUOT: "đã hết dung lượng được cấp",
    errno.EISDIR: "đây là một thư mục",
    errno.ENOTDIR: "một phần của đường dẫn không phải là thư mục",
    errno.EEXIST: "đã có một tệp cùng tên",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EADDRNOTAVAIL: "máy này không có địa chỉ đó",
}


def reason_of(error: OSError, lang: str = "vi") -> str:
    """Say why, in Vietnamese for what is common and as the system says it for the rest."""
    said = error.strerror or str(error)
    return _REASONS.get(error.errno or 0, said) if lang == "vi" else said
