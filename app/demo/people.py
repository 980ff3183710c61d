"""The people of the example: invited and accepting, as everybody is. All share one password, printed at the end."""

from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.domain.permissions import SYSTEM, Actor, Permission, Role
from app.models.engine import write_session
from app.queries.people import actor_of
from app.services.accounts import AcceptInvitation, Invite, accept_invitation, invite
from app.services.administration import CreateAdministrator, create_administrator

PASSWORD = "vi du binh chon"  # noqa: S105 -- of a database with nothing real in it

ORGANISERS = {
    "Thái Nguyên": "to-chuc.thai-nguyen@example.vn",
    "Lâm Đồng": "to-chuc.lam-dong@example.vn",
    "An Giang": "to-chuc@example.vn",
    "Phía Nam": "to-chuc.khu-vuc@example.vn",
    "Việt Nam": "to-chuc.quoc-gia@example.vn",
}
COLLEAGUES = {
    "Thái Nguyên": ("to-chuc-2.thai-nguyen@example.vn", "Sầm Thị Mỹ Duyên"),
    "Lâm Đồng": ("to-chuc-2.lam-dong@example.vn", "Trịnh Quốc Khoa"),
}
"""Who types paper sheets a second time."""

ACCOUNTS = {
    "Cơ sở / facility: An Giang, đang nhận hồ sơ / registration": "co-so@example.vn",
    "Cơ quan tổ chức / organiser: An Giang, đang nhận hồ sơ / registration": ORGANISERS["An Giang"],
    "Giám khảo / judge: Lâm Đồng, đang chấm / scoring": "giam-khao@example.vn",
    "Trưởng ban giám khảo / head of jury: Lâm Đồng, đang chấm / scoring": "to-truong@example.vn",
    "Người giám sát / observer: Lâm Đồng, đang chấm / scoring": "giam-sat@example.vn",
    "Cơ quan tổ chức / organiser: Lâm Đồng, đang chấm / scoring": ORGANISERS["Lâm Đồng"],
    "Thành viên hội đồng / council member: Thái Nguyên, đang biểu quyết / ballot": "hoi-dong@example.vn",
    "Cơ quan tổ chức / organiser: Thái Nguyên, đang biểu quyết / ballot": ORGANISERS["Thái Nguyên"],
    "Tổ chức khu vực / regional organiser": ORGANISERS["Phía Nam"],
    "Tổ chức quốc gia / national organiser": ORGANISERS["Việt Nam"],
    "Quản trị / administrator": "quan-tri@example.vn",
    "Người nhập phiếu thứ hai / second typist: Lâm Đồng": COLLEAGUES["Lâm Đồng"][0],
    "Thư ký hội đồng / council secretary: Thái Nguyên, đang họp / meeting": "thu-ky@example.vn",
}
"""What `binhchon demo` prints: who may try what, and the address to sign in with."""


class People:
    """Makes accounts and gives the actors that services ask for."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self._engine = engine
        self._organisers: list[int] = []
        self._password_hash = PasswordHasher().hash(PASSWORD)
        with write_session(engine) as session:
            command = CreateAdministrator("quan-tri@example.vn", "Đỗ Thị Quản Trị", self._password_hash)
            user = create_administrator(session, command, actor=SYSTEM, now=now)
        self.administrator = self.actor(user.id)

    def organiser_of(self, territory_id: int) -> Actor:
        """Somebody who organises there today, or where it became part of."""
        return next(
            person
            for user_id in self._organisers
            if territory_id in (person := self.actor(user_id)).territories(Permission.CONTEST_VIEW)
        )

    def actor(self, user_id: int) -> Actor:
        """The person with the roles held by now."""
        with Session(self._engine) as session:
            return actor_of(session, user_id)

    def join(self, inviter: Actor, email: str, name: str, role: Role, now: datetime, **place: Any) -> Actor:
        """Invite a person to a role somewhere and let the person accept."""
        with write_session(self._engine) as session:
            command = Invite(email=email, name=name, role=role, **place)
            token = invite(session, command, actor=inviter, now=now)
            answer = AcceptInvitation(token=token, name=name, password_hash=self._password_hash)
            user = accept_invitation(session, answer, now=now)
        if role is Role.ORGANISER:
            self._organisers.append(user.id)
        return self.actor(user.id)
